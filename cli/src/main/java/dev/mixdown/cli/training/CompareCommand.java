package dev.mixdown.cli.training;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.registry.training.TrainingComparison;
import dev.mixdown.registry.training.TrainingComparison.Row;
import dev.mixdown.registry.training.TrainingHistory;
import dev.mixdown.registry.training.TrainingInfo;
import dev.mixdown.storage.StoragePath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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

  @Mixin private RegistryOption registryOption = new RegistryOption();

  @Override
  public Integer call() throws Exception {
    List<TrainingInfo> infos = new ArrayList<>();
    for (String path : paths) {
      infos.add(TrainingHistory.read(storage(), path));
    }
    List<Row> rows =
        TrainingComparison.of(infos, registryOption.registry()).rows().stream()
            .filter(row -> !differing || row.differs())
            .toList();
    if (json()) {
      print(TrainingComparison.json(infos, rows));
      return 0;
    }
    List<String> titles = new ArrayList<>(List.of("", ""));
    titles.addAll(shortest(infos.stream().map(i -> StoragePath.folder(i.path())).toList()));
    Table table = new Table(titles.toArray(String[]::new));
    for (Row row : rows) {
      List<String> cells =
          new ArrayList<>(List.of(row.differs() ? "*" : "", row.section() + "." + row.key()));
      row.values().forEach(value -> cells.add(text(value)));
      table.row(cells.toArray(String[]::new));
    }
    table.print(out());
    return 0;
  }

  /** The ends of some paths, each as short as tells them apart. */
  static List<String> shortest(List<String> paths) {
    List<String> ends = paths.stream().map(StoragePath::name).toList();
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

  /** A value in a cell: with its share where it has one, and as it changed on the way. */
  private static String text(JsonNode value) {
    if (value.has("share")) {
      String unit = value.has("steps") ? "step" : "sample";
      return "%s, %.1f %%"
          .formatted(
              Counts.of(value.path(unit + "s").asLong(), unit),
              100 * value.path("share").asDouble());
    }
    if (value.isArray()) {
      List<String> values = new ArrayList<>();
      value.forEach(one -> values.add(text(one)));
      return String.join(" -> ", values);
    }
    String text = value.isNull() ? "" : value.isValueNode() ? value.asText() : value.toString();
    return text.isEmpty() ? "-" : text;
  }
}
