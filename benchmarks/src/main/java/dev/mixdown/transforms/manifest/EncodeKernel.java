package dev.mixdown.transforms.manifest;

import dev.mixdown.transforms.mixing.Stratum;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Writing samples, without the disk. */
@State(Scope.Thread)
public class EncodeKernel {
  private static final int BATCHES = 4;
  private static final int SAMPLES = BATCHES * Samples.CAPACITY;

  private final List<Stratum> strata = List.of(Stratum.of("a", "x"), Stratum.of("b", "y"));
  private final Samples samples = samples();

  private static Samples samples() {
    SplittableRandom random = new SplittableRandom(1);
    Samples samples = new Samples();
    for (int i = 0; i < Samples.CAPACITY; i++) {
      samples.add(
          i,
          random.nextInt(2),
          random.nextInt(8),
          random.nextInt(90_000),
          random.nextLong(16 << 20),
          100 + random.nextInt(200),
          3,
          random.nextLong(),
          -1);
    }
    return samples;
  }

  private int write(ManifestFormat format) throws IOException {
    SampleEncoder encoder = format.encoder(strata);
    try (PartWriter writer = format.open(OutputStream.nullOutputStream(), strata)) {
      for (int i = 0; i < BATCHES; i++) {
        writer.write(encoder.encode(samples));
      }
    }
    return SAMPLES;
  }

  /** Parquet. */
  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public int samples_encoded_as_parquet() throws IOException {
    return write(ManifestFormat.PARQUET);
  }

  /** JSON lines. */
  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public int samples_encoded_as_jsonl() throws IOException {
    return write(ManifestFormat.JSONL);
  }
}
