package dev.mixdown.transforms.shards;

import dev.mixdown.storage.Digests;
import dev.mixdown.transforms.bytes.ByteScan;
import dev.mixdown.transforms.bytes.JsonScanner;
import dev.mixdown.transforms.records.RecordCollector;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The scans that every byte of a shard goes through. */
@State(Scope.Thread)
public class ScanKernel {
  private static final int LINE = 1100;
  private static final int LINES = 200;
  private static final int BYTES = LINE * LINES;

  private final byte[] lines = lines();
  private final JsonScanner scanner = new JsonScanner(List.of());

  private static byte[] lines() {
    String text = "lorem ipsum dolor ".repeat(80);
    String begin = "{\"id\": 123456, \"text\": \"";
    String line = begin + text.substring(0, LINE - begin.length() - 3) + "\"}\n";
    return line.repeat(LINES).getBytes(StandardCharsets.UTF_8);
  }

  /** Where lines end. */
  @Benchmark
  @OperationsPerInvocation(BYTES)
  public int newlines_of_bytes() {
    int count = 0;
    for (int i = 0; i < lines.length; i = ByteScan.newline(lines, i, lines.length) + 1) {
      count++;
    }
    return count;
  }

  /** Where strings end, or need a closer look. */
  @Benchmark
  @OperationsPerInvocation(BYTES)
  public int quotes_of_bytes() {
    int count = 0;
    for (int i = 0; i < lines.length; i = ByteScan.special(lines, i, lines.length) + 1) {
      count++;
    }
    return count;
  }

  /** Whether a line is JSON in UTF-8. */
  @Benchmark
  @OperationsPerInvocation(BYTES)
  public int json_check_of_bytes() {
    int good = 0;
    for (int i = 0; i < LINES; i++) {
      good += scanner.scan(lines, i * LINE, i * LINE + LINE - 1) ? 1 : 0;
    }
    return good;
  }

  /** Records' identities. */
  @Benchmark
  @OperationsPerInvocation(BYTES)
  public long identity_hash_of_bytes() {
    long all = 0;
    for (int i = 0; i < LINES; i++) {
      all ^= RecordCollector.identity(lines, i * LINE, i * LINE + LINE - 1);
    }
    return all;
  }

  /** Fingerprints. */
  @Benchmark
  @OperationsPerInvocation(BYTES)
  public byte[] sha256_of_bytes() {
    return Digests.sha256().digest(lines);
  }
}
