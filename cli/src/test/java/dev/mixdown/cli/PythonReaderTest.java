package dev.mixdown.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import dev.mixdown.configs.syntax.Json;
import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.manifest.PartReader;
import dev.mixdown.transforms.manifest.PartReader.Sample;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the reader of docs/reading-a-manifest.md as it stands there. */
class PythonReaderTest {
  private static final Storage STORAGE = Storage.of(Map.of());

  @TempDir Path folder;

  @Test
  void the_documented_reader_gives_every_record_and_resumes_at_any_position() throws Exception {
    String guide = Files.readString(TestFiles.root().resolve("docs/reading-a-manifest.md"));
    Matcher code =
        Pattern.compile("```python read_manifest.py\n(\"\"\"Reads.*?)```", Pattern.DOTALL)
            .matcher(guide);
    assertThat(code.find(), is(true));
    Path reader = TestFiles.write(folder.resolve("read_manifest.py"), code.group(1));

    Path repo = folder.resolve("repo");
    Path data = TestFiles.demo().resolve("data");
    TestFiles.write(
        repo.resolve("training_dataset.json"),
        """
        {"meta": {"stage": "s", "stage_config": {"shuffle_block": 50, "rows_per_part": 500}},
         "dataset_index": [
          {"name": "lines", "obs_path": "%s/highway_foundation_large/", "duplicate": 1.5},
          {"name": "rows", "obs_path": "%s/parking_lots.csv"}]}
        """
            .formatted(data, data));
    Path out = folder.resolve("out");
    Cli cli = new Cli(folder.resolve("workspace"));
    Cli.Result result =
        cli.run("prepare", "--repo", repo, "--output", out, "--manifest-format", "jsonl");
    assertThat(result.err(), result.code(), is(0));

    List<String> expected = expected(TestFiles.current(out.resolve("s")));
    String stage = out.resolve("s").toString();
    assertThat(read(reader, stage, "0"), is(expected));
    assertThat(read(reader, stage, "499"), is(expected.subList(499, expected.size())));
    assertThat(read(reader, stage, "2399"), is(expected.subList(2399, expected.size())));
  }

  private static List<String> read(Path reader, String stage, String start) throws Exception {
    return TestFiles.program("python3", reader.toString(), stage, start).lines().toList();
  }

  /** What the reader has to print, from the parts and the files' lines. */
  private static List<String> expected(Path manifest) throws Exception {
    var shards = Json.read(Files.readAllBytes(manifest.resolve("manifest.json"))).get("shards");
    List<List<String>> records = new ArrayList<>();
    for (var shard : shards) {
      Path file = Path.of(shard.get("uri").asText());
      byte[] bytes =
          file.toString().endsWith(".gz")
              ? new java.util.zip.GZIPInputStream(Files.newInputStream(file)).readAllBytes()
              : Files.readAllBytes(file);
      List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      records.add(
          shard.get("format").asText().equals("csv") ? lines.subList(1, lines.size()) : lines);
    }
    List<Sample> samples = new ArrayList<>();
    for (String part : TestFiles.parts(manifest).keySet()) {
      PartReader.read(STORAGE, manifest.resolve(part).toString(), samples::add);
    }
    return samples.stream()
        .map(
            s ->
                s.position()
                    + "\t"
                    + s.dataset()
                    + "\t"
                    + s.pass()
                    + "\t"
                    + records.get(s.shard()).get(s.record()))
        .toList();
  }
}
