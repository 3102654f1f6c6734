package dev.mixdown.storage.local;

import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Glob;
import dev.mixdown.storage.Matched;
import dev.mixdown.storage.Matched.Unusable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Looks for files in the folders of this machine. Links are followed. */
final class LocalSearch {
  private final List<FileInfo> files = new ArrayList<>();
  private final List<Unusable> unusable = new ArrayList<>();
  private final Set<Object> above = new HashSet<>();
  private final Glob glob;
  private final int depth;
  private int hidden;

  private LocalSearch(Glob glob) {
    this.glob = glob;
    this.depth = glob.depth();
  }

  /**
   * The files that a pattern means, seen from a folder that is taken as it is written.
   *
   * @param pattern a file, a folder or a glob
   */
  static Matched match(Path folder, String pattern) throws IOException {
    Path path;
    try {
      path = folder.resolve(pattern).normalize();
    } catch (InvalidPathException e) {
      return Matched.NOTHING;
    }
    if (isFolder(path)) {
      return below(path, new Glob("**"));
    }
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      LocalSearch one = new LocalSearch(new Glob("*"));
      one.file(path);
      return one.matched();
    }
    Path base = folder;
    String rest = pattern;
    if (pattern.startsWith("/")) {
      base = Path.of("/");
      rest = pattern.replaceFirst("^/+", "");
    }
    // Names are taken as they are written for as long as folders of these names are there.
    while (rest.contains("/")) {
      String name = rest.substring(0, rest.indexOf('/'));
      if (Glob.isGlob(name) && !Files.isDirectory(base.resolve(name))) {
        break;
      }
      base = base.resolve(name);
      rest = rest.substring(rest.indexOf('/')).replaceFirst("^/+", "");
    }
    return Glob.isGlob(rest) && isFolder(base.normalize())
        ? below(base.normalize(), new Glob(rest.endsWith("/") ? rest + "**" : rest))
        : Matched.NOTHING;
  }

  private static boolean isFolder(Path path) {
    return path.toString().isEmpty() || Files.isDirectory(path);
  }

  private static Matched below(Path base, Glob glob) throws IOException {
    LocalSearch search = new LocalSearch(glob);
    search.folder(base, "", 1);
    return search.matched();
  }

  private Matched matched() {
    files.sort(Comparator.comparing(FileInfo::path));
    unusable.sort(Comparator.comparing(Unusable::path));
    return new Matched(List.copyOf(files), hidden, List.copyOf(unusable));
  }

  private void folder(Path folder, String relative, int level) throws IOException {
    Object key = key(folder);
    if (!above.add(key)) {
      unusable.add(
          new Unusable(
              folder.toString(),
              "is a link to a folder that it lies in, so that files would be found without end; remove the link"));
      return;
    }
    List<Path> inside = new ArrayList<>();
    try (DirectoryStream<Path> names = Files.newDirectoryStream(folder)) {
      names.forEach(inside::add);
    } catch (AccessDeniedException e) {
      unusable.add(new Unusable(folder.toString(), "may not be read by this user"));
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    for (Path path : inside) {
      String name = String.valueOf(path.getFileName());
      look(path, relative.isEmpty() ? name : relative + "/" + name, level);
    }
    above.remove(key);
  }

  private static Object key(Path folder) throws IOException {
    Path real = folder.toRealPath();
    Object key =
        Files.readAttributes(real, java.nio.file.attribute.BasicFileAttributes.class).fileKey();
    return key == null ? real : key;
  }

  private void look(Path path, String relative, int level) throws IOException {
    if (Files.isDirectory(path)) {
      boolean shown = glob.couldShow(relative);
      if (!shown && level <= depth && glob.couldFit(relative)) {
        hidden++;
      }
      if (shown && level < depth) {
        folder(path, relative, level + 1);
      }
      return;
    }
    switch (glob.fit(relative)) {
      case YES -> file(path);
      case HIDDEN -> hidden++;
      case NO -> {
        // Not asked for.
      }
    }
  }

  private void file(Path path) throws IOException {
    String text = path.toString();
    if (!Path.of(text).equals(path)) {
      unusable.add(
          new Unusable(
              text, "has a name that is not valid UTF-8, and cannot be opened; rename it"));
    } else if (Files.isRegularFile(path)) {
      try {
        files.add(LocalFiles.stat(path, text));
      } catch (NoSuchFileException e) {
        // Somebody removed or renamed it just now.
      }
    } else if (Files.isSymbolicLink(path)) {
      unusable.add(new Unusable(text, brokenLink(path)));
    } else if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      unusable.add(
          new Unusable(text, "is not a regular file (a pipe, a socket or a device); remove it"));
    }
  }

  private static String brokenLink(Path path) throws IOException {
    Path target = Files.readSymbolicLink(path);
    try {
      return "is a link to %s, which is not a regular file; remove it".formatted(path.toRealPath());
    } catch (NoSuchFileException e) {
      return "is a broken link: there is no %s; mend or remove it".formatted(target);
    } catch (FileSystemException e) {
      return "is a link that leads back to itself (to %s); mend or remove it".formatted(target);
    }
  }
}
