package dev.mixdown.cli.manifests;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import dev.mixdown.cli.Cli;
import dev.mixdown.cli.TestFiles;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

class LoopTest {
  @TempDir Path folder;

  @RepeatedTest(600)
  void loops() throws Exception {
    for (String name : List.of("pretraining", "finetuning", "evaluation")) {
      long start = System.nanoTime();
      Cli.Result result =
          new Cli(folder.resolve("w"))
              .run(
                  "prepare",
                  name,
                  "--manifest-format",
                  System.nanoTime() % 2 == 0 ? "jsonl" : "parquet",
                  "--repo",
                  TestFiles.demo(),
                  "--output",
                  folder.resolve("out"));
      assertThat(result.err(), result.code(), is(0));
      assertThat(
          Cli.plain("stats", folder.resolve("out").resolve(name).toString(), "--json").code(),
          is(0));
      System.err.println(name + " " + (System.nanoTime() - start) / 1_000_000);
    }
  }
}
