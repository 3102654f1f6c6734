package dev.mixdown.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code registry export} writes is read by programs that know nothing of mixdown. */
class ExportedTablesTest {
  /** DuckDB is asked where it is at hand. */
  private static final String READER =
      """
      import sys, pyarrow.parquet as pq
      jobs = pq.read_table(sys.argv[1] + "/jobs")
      print(jobs.num_rows, jobs.column("learning_rate").to_pylist(), jobs.schema.field("created_at").type)
      metrics = pq.read_table(sys.argv[1] + "/metrics").to_pylist()
      print([(m["step"], m["reward_mean"], m["extra_metrics"]) for m in metrics])
      lineage = pq.read_table(sys.argv[1] + "/lineage").to_pylist()
      print(sorted({(e["from_kind"], e["to_kind"]) for e in lineage}))
      try:
          import duckdb
          rows = duckdb.sql(f"SELECT count(*), max(learning_rate) FROM '{sys.argv[1]}/jobs/*.parquet'").fetchall()
          assert rows == [(1, 1e-06)], rows
      except ImportError:
          pass
      """;

  @TempDir Path folder;

  private void run(Object... arguments) {
    List<Object> all = new java.util.ArrayList<>(List.of(arguments));
    all.addAll(List.of("--registry", folder.resolve("registry")));
    Cli.Result result = new Cli(folder.resolve("w")).run(all.toArray());
    assertThat(result.err(), result.code(), is(0));
  }

  @Test
  void pyarrow_and_duckdb_read_every_table() throws Exception {
    Path programs = PythonEnvironment.programs();
    run(
        "prepare",
        "finetuning",
        "--repo",
        TestFiles.root().resolve("configs/demo"),
        "--output",
        folder.resolve("out"));
    run(
        "jobs",
        "record",
        "5eed0001",
        "--algorithm",
        "grpo",
        "--set",
        "learning_rate=1e-6",
        "--manifest",
        folder.resolve("out/finetuning"),
        "--step",
        7,
        "--metric",
        "reward_mean=0.5",
        "--metric",
        "zeal=2");
    run("registry", "export", "--to", folder.resolve("tables"));
    Process python =
        new ProcessBuilder(
                programs.resolve("python").toString(),
                "-c",
                READER,
                folder.resolve("tables").toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said, python.waitFor(), is(0));
    assertThat(
        said.strip(),
        is(
            """
            1 [1e-06] timestamp[us, tz=UTC]
            [(7, 0.5, '{"zeal":2}')]
            [('dataset version', 'run'), ('manifest', 'training'), ('run', 'manifest')]"""));
  }
}
