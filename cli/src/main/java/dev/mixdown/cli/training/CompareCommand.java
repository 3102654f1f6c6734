package dev.mixdown.cli.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.EntryKind;
import dev.mixdown.registry.ManifestEntry;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.training.TrainingComparison;
import dev.mixdown.registry.training.TrainingComparison.Row;
import dev.mixdown.registry.training.TrainingHistory;
import dev.mixdown.registry.training.TrainingInfo;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows histories side by side. */
@Command(
    name = "compare",
    description = {
      "Show histories side by side: model, data mix, hyperparameters, metrics.",
      "",
      "A * marks what differs. The mix of a manifest is shown where the registry knows it."
    },
    sortOptions = false)
final class CompareCommand extends JsonCommand {
  @Parameters(
      arity = "2..*",
      paramLabel = "PATH",
      description = "training_info.json files, or folders.")
  private List<String> paths = new ArrayList<>();

  @Option(names = "--differing", description = "Show only what differs.")
  private boolean differing;

  @Mixin private RegistryOption records = new RegistryOption();

  @Override
  public Integer call() throws Exception {
    List<TrainingInfo> infos = new ArrayList<>();
    for (String path : paths) {
      infos.add(TrainingHistory.read(path));
    }
    List<Map<String, String>> mixes = new ArrayList<>();
    for (TrainingInfo info : infos) {
      mixes.add(mix(info));
    }
    List<Row> rows =
        TrainingComparison.of(infos, mixes).rows().stream()
            .filter(row -> !differing || row.differs())
            .toList();
    if (json()) {
      print(json(infos, rows));
      return 0;
    }
    List<String> titles = new ArrayList<>(List.of("", ""));
    titles.addAll(shortest(infos.stream().map(i -> Storage.folder(i.path())).toList()));
    Table table = new Table(titles.toArray(String[]::new));
    for (Row row : rows) {
      List<String> cells =
          new ArrayList<>(List.of(row.differs() ? "*" : "", row.section() + "." + row.key()));
      row.values().forEach(value -> cells.add(value.isEmpty() ? "-" : value));
      table.row(cells.toArray(String[]::new));
    }
    table.print(out());
    return 0;
  }

  /** The ends of some paths, each as short as tells them apart. */
  static List<String> shortest(List<String> paths) {
    List<String> ends = paths.stream().map(Storage::name).toList();
    for (int names = 2; new HashSet<>(ends).size() < new HashSet<>(paths).size(); names++) {
      int count = names;
      ends = paths.stream().map(path -> end(path, count)).toList();
    }
    return ends;
  }

  private static String end(String path, int names) {
    int from = path.length();
    for (int i = 0; i < names && from > 0; i++) {
      from = path.lastIndexOf('/', from - 1);
    }
    return path.substring(from + 1);
  }

  /** What the history's manifest took of each dataset. */
  private Map<String, String> mix(TrainingInfo info) throws IOException {
    Map<String, String> mix = new LinkedHashMap<>();
    List<JsonNode> history = info.history();
    JsonNode data =
        history.isEmpty() ? info.json().path("data") : info.data(history.get(history.size() - 1));
    String id = data.path("manifest_id").asText();
    if (id.isEmpty()) {
      return mix;
    }
    mix.put("manifest", id);
    Registry store = records.store();
    Optional<ManifestEntry> manifest = store.find(EntryKind.MANIFEST, id);
    if (manifest.isPresent()) {
      for (ManifestEntry.Share share : manifest.get().datasets()) {
        mix.put(
            "mix." + share.name(),
            String.format(
                Locale.ROOT,
                "%d samples, %.1f %%",
                share.samples(),
                100.0 * share.samples() / Math.max(1, manifest.get().samples())));
      }
    }
    return mix;
  }

  private static ObjectNode json(List<TrainingInfo> infos, List<Row> rows) {
    ObjectNode document = Json.object();
    ArrayNode files = document.putArray("histories");
    infos.forEach(info -> files.add(info.path()));
    ArrayNode list = document.putArray("rows");
    for (Row row : rows) {
      list.addObject()
          .put("section", row.section())
          .put("key", row.key())
          .put("differs", row.differs())
          .set("values", Json.tree(row.values()));
    }
    return document;
  }
}
