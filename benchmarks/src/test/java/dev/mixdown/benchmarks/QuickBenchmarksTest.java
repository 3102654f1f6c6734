package dev.mixdown.benchmarks;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickBenchmarksTest {
  @TempDir Path folder;

  /** Not how fast: that is for a quiet machine. */
  @Test
  void the_quick_mode_runs_every_benchmark_and_writes_its_table() throws Exception {
    Path file = folder.resolve("benchmarks.md");
    assertThat(
        Benchmarks.execute(
            "--quick", "--work", folder.resolve("work").toString(), "--write", file.toString()),
        is(0));
    String results = Files.readString(file);
    for (String row :
        new String[] {
          "| openssl dgst -sha256 |",
          "| mixdown --check=full, steady state |",
          "| direct |",
          "| 1,000 |",
          "| nothing changed |",
          "| one shard changed |",
          "| flink |",
          "| mixdown --version |",
          "| recommend, beyond start |",
          "| 100,000 identities merged with 100,000 |",
          "| content identities |",
          "| samples encoded as parquet |"
        }) {
      assertThat(results, containsString(row));
    }
    // Nothing was read that had not changed.
    String unchanged =
        results.lines().filter(line -> line.startsWith("| nothing changed")).findFirst().get();
    assertThat(unchanged.endsWith("| 0 |"), is(true));
  }
}
