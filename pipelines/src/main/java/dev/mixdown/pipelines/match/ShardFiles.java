package dev.mixdown.pipelines.match;

import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Matched;
import dev.mixdown.storage.Reach;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.records.ShardFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The shards that a path, a folder or a pattern means.
 *
 * @param shards by path
 * @param problems what is there and cannot be used, or that nothing is there
 * @param notes what was left out, and what a user may want to know of what was not
 */
public record ShardFiles(List<Shard> shards, List<DataProblem> problems, List<String> notes) {
  private static final Pattern SOME_DIGITS = Pattern.compile("\\[|\\{[^}]*\\d|\\d\\d[*?]");
  private static final Pattern COMPRESSION = Pattern.compile("\\.(gz|zst|bz2)$");
  private static final int MOST_NAMED = 20;

  /** One file and how it is written. */
  public record Shard(FileInfo file, ShardFormat format) {}

  /**
   * Looks for shards.
   *
   * @param reach what lists the files
   * @param folder from which a relative path is seen; nothing in it is a pattern
   * @param path as it was written
   * @param format the form of records, where it was said
   * @param say how a user says it, for messages: {@code "format"} or {@code --format}
   */
  public static ShardFiles of(
      Reach reach, String folder, String path, Optional<String> format, String say)
      throws IOException {
    String whole = StoragePath.resolve(folder, path);
    if (!StoragePath.isSupported(whole)) {
      return problem(whole, "is in no store that can be opened: " + StoragePath.cannotOpen(whole));
    }
    Matched matched;
    try {
      matched = reach.match(folder, path);
    } catch (IllegalArgumentException e) {
      return problem(whole, "cannot be searched for: " + e.getMessage());
    }
    List<DataProblem> problems = new ArrayList<>();
    matched.unusable().forEach(u -> problems.add(DataProblem.of(u.path(), u.why())));
    if (matched.files().isEmpty() && problems.isEmpty()) {
      return problem(
          whole,
          matched.hidden() == 0
              ? "matches no file"
              : "matches no file but hidden ones (%d that begin with . or _)"
                  .formatted(matched.hidden()));
    }
    return sorted(reach, matched, whole, path, format, say, problems);
  }

  private static ShardFiles problem(String path, String message) {
    return new ShardFiles(List.of(), List.of(DataProblem.of(path, message)), List.of());
  }

  private static ShardFiles sorted(
      Reach reach,
      Matched matched,
      String whole,
      String path,
      Optional<String> format,
      String say,
      List<DataProblem> problems)
      throws IOException {
    List<FileInfo> files = matched.files();
    boolean byName = files.size() == 1 && files.get(0).path().equals(whole);
    List<Shard> shards = new ArrayList<>();
    List<String> side = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (FileInfo file : files) {
      if (!byName && SideFiles.isSideFile(reach.storage(), file)) {
        side.add(StoragePath.name(file.path()));
        continue;
      }
      ShardFormat.Named named = ShardFormat.named(file.path(), format);
      named.problem().ifPresent(p -> problems.add(DataProblem.of(file.path(), p)));
      named.format().ifPresent(f -> shards.add(new Shard(file, f)));
      if (named.format().isEmpty() && named.problem().isEmpty()) {
        unknown.add(StoragePath.name(file.path()));
      }
    }
    if (files.size() == 1 && unknown.size() == 1) {
      problems.add(
          DataProblem.of(
              files.get(0).path(),
              "has a name that does not tell its format; say %s".formatted(say)));
    } else if (shards.isEmpty() && problems.isEmpty()) {
      problems.add(
          DataProblem.of(
              whole,
              "matches %d files, but none that is data by its name (%s); say %s"
                  .formatted(
                      files.size(), names(files.size() == side.size() ? side : unknown), say)));
    }
    return new ShardFiles(shards, problems, notes(shards, side, unknown, matched.hidden(), path));
  }

  private static List<String> notes(
      List<Shard> shards, List<String> side, List<String> unknown, int hidden, String path) {
    List<String> notes = new ArrayList<>();
    if (!shards.isEmpty() && !unknown.isEmpty()) {
      notes.add(
          "left out, since their names do not tell a format: %s (%d of %d files)"
              .formatted(
                  names(unknown), unknown.size(), shards.size() + side.size() + unknown.size()));
    }
    if (!side.isEmpty()) {
      notes.add("left out, since they lie beside data and are none: " + names(side));
    }
    if (hidden > 0) {
      notes.add(
          "left out: %d hidden %s (names that begin with . or _)"
              .formatted(hidden, hidden == 1 ? "file or folder" : "files or folders"));
    }
    notes.addAll(twins(shards));
    if (!isChoice(path)) {
      notes.addAll(MissingShards.of(shards.stream().map(s -> s.file().path()).toList()));
    }
    return notes;
  }

  private static String names(List<String> names) {
    int more = names.size() - MOST_NAMED;
    return String.join(", ", names.subList(0, Math.min(names.size(), MOST_NAMED)))
        + (more > 0 ? " and %,d more".formatted(more) : "");
  }

  /** Files that differ by their compression alone, and may be the same data twice. */
  private static List<String> twins(List<Shard> shards) {
    Map<String, List<String>> byName = new LinkedHashMap<>();
    for (Shard shard : shards) {
      String plain = COMPRESSION.matcher(shard.file().path()).replaceFirst("");
      byName.computeIfAbsent(plain, p -> new ArrayList<>()).add(shard.file().path());
    }
    return byName.values().stream()
        .filter(paths -> paths.size() > 1)
        .limit(MOST_NAMED)
        .map(
            paths ->
                "%s are all read: if they are the same data, its records count twice; leave one out"
                    .formatted(String.join(" and ", paths)))
        .toList();
  }

  /**
   * One file, or a pattern with some digits, is a choice of these files alone; what a folder gives,
   * or a pattern of any number, should be complete.
   */
  static boolean isChoice(String path) {
    if (path.endsWith("/")) {
      return false;
    }
    String name = StoragePath.name(path);
    int count = name.lastIndexOf("-of-");
    String number = count < 0 ? name : name.substring(0, count);
    boolean any = name.contains("*") || name.contains("?");
    return !any || SOME_DIGITS.matcher(number).find();
  }
}
