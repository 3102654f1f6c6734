package dev.mixdown.cli.registry;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.mixdown.cli.Cli;
import dev.mixdown.cli.TestFiles;
import dev.mixdown.configs.syntax.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of records that somebody, or a disk, has changed. */
class RegistryTest {
  @TempDir Path folder;
  private Cli cli;
  private Path records;

  @BeforeEach
  void prepareOnce() throws Exception {
    cli = new Cli(folder.resolve("workspace"));
    records = folder.resolve("out/registry");
    Path repo = folder.resolve("repo");
    TestFiles.write(repo.resolve("a.jsonl"), TestFiles.lines("a", 50));
    TestFiles.write(
        repo.resolve("training_dataset.json"),
        """
        {"meta": {"stage": "s"}, "dataset_index": [{"name": "a", "obs_path": "a.jsonl"}]}
        """);
    assertThat(prepare().code(), is(0));
  }

  private Cli.Result prepare() {
    return cli.run("prepare", "--repo", folder.resolve("repo"), "--output", folder.resolve("out"));
  }

  private Cli.Result run(Object... command) {
    Object[] all = Arrays.copyOf(command, command.length + 2);
    all[command.length] = "--registry";
    all[command.length + 1] = records;
    return cli.run(all);
  }

  private static Path only(Path folder) throws Exception {
    try (var files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
  }

  @Test
  void verify_reads_all_records_and_names_a_damaged_one() throws Exception {
    Cli.Result good = run("registry", "verify");
    assertThat(good.err(), good.code(), is(0));
    assertThat(
        good.out(),
        containsString(
            "Good: 1 version, 1 run, 1 manifest, 0 trainings, 0 recipes, 0 reports on jobs, 0 calls in "));
    assertThat(run("registry", "verify", "--json").json().at("/entries/runs").asInt(), is(1));

    Path version = only(records.resolve("versions"));
    Files.writeString(version, Files.readString(version).replace("\": 50,", "\": 51,"));
    Cli.Result bad = run("registry", "verify");
    assertThat(bad.code(), is(3));
    assertThat(bad.err(), containsString(version + ": its content is not what its digest says"));
    Cli.Result json = run("registry", "verify", "--json");
    assertThat(json.json().at("/errors/0/path").asText(), is(version.toString()));
  }

  @Test
  void a_store_that_was_mistyped_is_not_good() {
    Cli.Result none = cli.run("registry", "verify", "--registry", folder.resolve("recrods"));
    assertThat(none.code(), is(2));
    assertThat(none.err(), containsString("there is no such folder"));
  }

  @Test
  void other_commands_leave_a_damaged_record_out_and_prepare_writes_its_own_again()
      throws Exception {
    Path version = only(records.resolve("versions"));
    Path manifest = only(records.resolve("manifests"));
    String good = Files.readString(manifest);
    String goodVersion = Files.readString(version);
    Files.writeString(manifest, "{\"id\": ");
    Files.writeString(version, goodVersion.replace("\": 50,", "\": 51,"));

    Cli.Result list = run("versions", "list");
    assertThat(list.err(), list.code(), is(0));
    assertThat(list.err(), containsString(version + " is damaged and left out"));
    assertThat(list.out(), containsString("No versions"));
    Cli.Result lineage = run("lineage", folder.resolve("out/s"));
    assertThat(lineage.err(), containsString(manifest + " is damaged and left out"));

    Cli.Result again = prepare();
    assertThat(again.err(), again.code(), is(0));
    assertThat(again.out(), containsString(version + " was damaged"));
    assertThat(again.out(), containsString(manifest + " was damaged"));
    assertThat(Files.readString(version).contains("\": 50,"), is(true));
    assertThat(Json.read(Files.readAllBytes(manifest)).path("id"), is(Json.value(good).path("id")));
    assertThat(run("registry", "verify").code(), is(0));
    assertThat(run("versions", "list").out(), containsString("       50  "));
  }

  @Test
  void a_registry_of_its_former_name_is_found_and_so_is_the_option() throws Exception {
    Path old = folder.resolve("out/records");
    Files.move(records, old);
    assertThat(prepare().code(), is(0));
    assertThat(Files.exists(records), is(false));
    assertThat(cli.run("versions", "list", "--records", old).out(), containsString(" 50 "));

    TestFiles.write(folder.resolve("repo/a.jsonl"), TestFiles.lines("b", 40));
    assertThat(prepare().code(), is(0));
    assertThat(cli.run("versions", "list", "--registry", old).out(), containsString(" 40 "));
    assertThat(Cli.plain("prepare", "--help").out(), not(containsString("--records")));
  }
}
