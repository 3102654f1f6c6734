package dev.mixdown.cli.registry;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.mixdown.cli.Cli;
import dev.mixdown.cli.TestFiles;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data is recorded in one store and training in another: nothing is told that is not known. */
class TwoStoresTest {
  @TempDir Path folder;

  @Test
  void a_manifest_of_another_store_is_found_by_the_place_that_the_training_names()
      throws Exception {
    Path repo = folder.resolve("repo");
    TestFiles.write(repo.resolve("a.jsonl"), TestFiles.lines("a", 50));
    TestFiles.write(
        repo.resolve("training_dataset.json"),
        """
        {"meta": {"stage": "s"}, "dataset_index": [{"name": "a", "obs_path": "a.jsonl"}]}
        """);
    Path out = folder.resolve("out");
    assertThat(
        Cli.plain("prepare", "--repo", repo.toString(), "--output", out.toString()).code(), is(0));
    String elsewhere = folder.resolve("elsewhere").toString();
    Cli.Result appended =
        Cli.plain(
            "training",
            "append",
            folder.resolve("art").toString(),
            "--model-name",
            "m",
            "--stage",
            "s",
            "--base-model",
            "b",
            "--checkpoint",
            "c-1",
            "--dataset",
            "d",
            "--steps",
            "5",
            "--start",
            "2026-01-01T00:00:00Z",
            "--manifest",
            out.resolve("s").toString(),
            "--registry",
            elsewhere);
    assertThat(appended.err(), appended.code(), is(0));
    Cli.Result lineage =
        Cli.plain("lineage", folder.resolve("art/c-1").toString(), "--registry", elsewhere);
    assertThat(lineage.err(), lineage.code(), is(0));
    assertThat(lineage.out(), not(containsString(" 0 records")));
    assertThat(lineage.out(), containsString("s, 50 samples, recorded elsewhere"));
    assertThat(
        lineage.out(),
        containsString("manifest " + TestFiles.current(out.resolve("s")).getFileName()));
  }
}
