package dev.mixdown.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Shards like those of text corpora: JSON lines of an id, a text of words, and a number of tokens.
 * The same arguments give the same bytes; what is there already is not made again.
 */
final class BenchmarkData {
  private static final String[] WORDS = words();

  private BenchmarkData() {}

  private static String[] words() {
    SplittableRandom random = new SplittableRandom(1);
    String[] words = new String[4_000];
    for (int i = 0; i < words.length; i++) {
      StringBuilder word = new StringBuilder();
      int letters = 2 + random.nextInt(9);
      for (int l = 0; l < letters; l++) {
        word.append((char) ('a' + random.nextInt(26)));
      }
      // One word in forty has to be escaped, or is not ASCII, as in real texts.
      words[i] =
          i % 80 == 0 ? "\\\"" + word + "\\\"" : i % 80 == 1 ? word + "\u00e9" : word.toString();
    }
    return words;
  }

  /**
   * Makes shards.
   *
   * @param bytes of each, about
   * @param words of a record's text, on average
   * @return their paths
   */
  static List<Path> shards(Path folder, int shards, long bytes, int words) throws IOException {
    Files.createDirectories(folder);
    List<Path> paths = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      Path path = folder.resolve("shard-%05d.jsonl".formatted(shard));
      paths.add(path);
      if (Files.notExists(path)) {
        Path making = folder.resolve("making");
        write(making, shard, bytes, words);
        Files.move(making, path);
      }
    }
    return paths;
  }

  private static void write(Path path, int shard, long bytes, int words) throws IOException {
    SplittableRandom random = new SplittableRandom(shard);
    StringBuilder line = new StringBuilder();
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 20)) {
      long written = 0;
      for (int record = 0; written < bytes; record++) {
        line.setLength(0);
        int count = 1 + random.nextInt(2 * words);
        line.append("{\"id\": \"")
            .append(shard)
            .append('-')
            .append(record)
            .append("\", \"text\": \"");
        for (int w = 0; w < count; w++) {
          line.append(w == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
        }
        line.append("\", \"num_tokens\": ").append(count).append("}\n");
        byte[] encoded = line.toString().getBytes(StandardCharsets.UTF_8);
        out.write(encoded);
        written += encoded.length;
      }
    }
  }
}
