package dev.mixdown.cli;

import dev.mixdown.storage.Digests;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The command line's classes in an archive of the JVM, as users have them (see the launcher): the
 * guides' sessions start it some two hundred times. Archives hold classes of jars alone, so those
 * that were just compiled are put into one. It is made once for a build, by whichever test comes
 * first.
 */
final class ClassArchive {
  private static final Path FOLDER = TestFiles.root().resolve("cli/target");

  private ClassArchive() {}

  /** The command that starts the command line, but for its arguments. */
  static String command() throws IOException {
    Files.createDirectories(FOLDER);
    // Two JVMs run the tests of this module.
    try (FileChannel lock =
            FileChannel.open(
                FOLDER.resolve("tests.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = lock.lock()) {
      String path = classPath();
      StringBuilder names = new StringBuilder(path);
      for (String jar : path.split(File.pathSeparator, -1)) {
        names.append(Files.getLastModifiedTime(Path.of(jar)));
      }
      String digest = Digests.sha256(names.toString()).substring(0, 12);
      Path archive = FOLDER.resolve("tests-" + digest + ".jsa");
      if (held.isValid() && Files.notExists(archive)) {
        dump(archive, path);
      }
      return "java -XX:SharedArchiveFile='%s' -Xshare:auto -Xlog:disable -XX:TieredStopAtLevel=1 -cp '%s' dev.mixdown.cli.Mixdown"
          .formatted(archive, path);
    }
  }

  private static String classPath() throws IOException {
    List<String> jars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      if (!Files.isDirectory(path)) {
        jars.add(entry);
      } else if (path.endsWith("classes")) {
        jars.add(jar(path).toString());
      }
    }
    return String.join(File.pathSeparator, jars);
  }

  /** The classes in a folder as a jar, made anew where one of them is younger. */
  private static Path jar(Path classes) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(classes)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    Path jar =
        FOLDER.resolve("tests-" + Digests.sha256(classes.toString()).substring(0, 12) + ".jar");
    long youngest = 0;
    for (Path file : files) {
      youngest = Math.max(youngest, Files.getLastModifiedTime(file).toMillis());
    }
    if (Files.exists(jar) && Files.getLastModifiedTime(jar).toMillis() > youngest) {
      return jar;
    }
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      for (Path file : files) {
        entries.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, entries);
      }
    }
    return jar;
  }

  private static void dump(Path archive, String path) throws IOException {
    Path out = Files.createTempDirectory(FOLDER, "archive");
    try {
      new ProcessBuilder(
              "java",
              "-XX:ArchiveClassesAtExit=" + archive,
              "-Xlog:disable",
              "-cp",
              path,
              "dev.mixdown.cli.Mixdown",
              "prepare",
              "--repo",
              TestFiles.demo().toString(),
              "--output",
              out.resolve("out").toString(),
              "--workspace",
              out.resolve("workspace").toString())
          .redirectErrorStream(true)
          .redirectOutput(out.resolve("log").toFile())
          .start()
          .waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
