package dev.mixdown.cli;

import dev.mixdown.configs.syntax.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Files that tests need. */
public final class TestFiles {
  private static final Path ROOT = Path.of(System.getProperty("mixdown.root"));

  private TestFiles() {}

  public static Path root() {
    return ROOT;
  }

  public static Path demo() {
    return ROOT.resolve("configs/demo");
  }

  /** The real datasets beside the project; the test is skipped where they are missing. */
  public static Path realData() {
    Path data = ROOT.resolve("../shared/data").normalize();
    Assumptions.assumeTrue(Files.isDirectory(data), "no real datasets at " + data);
    return data;
  }

  public static Path write(Path file, String text) throws IOException {
    return write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A file's text. */
  public static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  public static Path write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  /** Puts a command called mixdown into a folder, as users have it in the project's. */
  public static void launcher(Path folder) throws IOException {
    Path launcher =
        write(
            folder.resolve("mixdown"),
            "#!/bin/sh\nexec %s \"$@\"\n".formatted(ClassArchive.command()));
    if (!launcher.toFile().setExecutable(true)) {
      throw new IOException(launcher + " cannot be made executable");
    }
  }

  /** A copy of the demo release, for tests that change it. */
  public static Path copyOfDemo(Path folder) throws IOException {
    return copy(demo(), folder);
  }

  /** A copy of a folder. */
  public static Path copy(Path original, Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(original)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = folder.resolve(original.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return folder;
  }

  /** JSON lines of numbered records. */
  public static String lines(String prefix, int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append("{\"id\": \"%s-%d\", \"n\": %d}\n".formatted(prefix, i, i));
    }
    return lines.toString();
  }

  /** The stages that something was published of; a run that failed is recorded beside them. */
  public static List<Path> published(Path out) throws IOException {
    if (!Files.isDirectory(out)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(out)) {
      return files.filter(file -> !file.endsWith("registry")).toList();
    }
  }

  /** A manifest's folder: the current one of a stage. */
  public static Path current(Path stage) throws IOException {
    String id =
        Json.read(Files.readAllBytes(stage.resolve("current.json"))).get("manifest_id").asText();
    return stage.resolve(id);
  }

  /** The parts of a manifest by name, each with its SHA-256. */
  public static Map<String, String> parts(Path manifest) throws IOException {
    try (Stream<Path> files = Files.list(manifest)) {
      List<Path> parts = files.filter(f -> f.getFileName().toString().startsWith("part-")).toList();
      Map<String, String> digests = new TreeMap<>();
      for (Path part : parts) {
        digests.put(part.getFileName().toString(), sha256(part));
      }
      return digests;
    }
  }

  public static String sha256(Path file) throws IOException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until files that were just written are old enough for the ledger to trust them. */
  public static void waitUntilOld(Path folder) throws IOException, InterruptedException {
    Instant latest;
    try (Stream<Path> files = Files.walk(folder)) {
      latest =
          files
              .filter(Files::isRegularFile)
              .map(
                  f -> {
                    try {
                      return ((FileTime) Files.getAttribute(f, "unix:ctime")).toInstant();
                    } catch (IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                  })
              .max(java.util.Comparator.naturalOrder())
              .orElse(Instant.EPOCH);
    }
    long wait = Duration.between(Instant.now(), latest.plusMillis(2_050)).toMillis();
    if (wait > 0) {
      Thread.sleep(wait);
    }
  }

  /** Runs a program and gives what it prints. */
  public static String program(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new IllegalStateException(
          Stream.of(command).collect(Collectors.joining(" ")) + " ended with " + code + ": " + out);
    }
    return out;
  }
}
