package dev.mixdown.cli.samples;

import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.output.Bar;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.ManifestFinder;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.stats.Exposure;
import dev.mixdown.pipelines.uses.ModelManifests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how often records were given. */
@Command(
    name = "exposure",
    description = {
      "Show how often records were given, per dataset: never, once, twice or more often, over one or"
          + " several manifests.",
      "",
      "With --model, over all manifests that the model was trained on, on the whole way to it; of"
          + " each as many samples as its trainings counted (training append --consumed), else all."
    },
    sortOptions = false)
public final class ExposureCommand extends JsonCommand {
  private static final int BAR_COLUMNS = 20;

  @Parameters(
      arity = "0..*",
      paramLabel = "MANIFEST",
      description =
          "A manifest's folder or manifest.json, its stage's folder, or the first digits of its id.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--model",
      paramLabel = "CHECKPOINT",
      description = "A model, in place of manifests.")
  private @Nullable String model;

  @Option(
      names = Settings.OUTPUT,
      paramLabel = "DIR",
      description = "Where manifests lie (default: $MIXDOWN_OUTPUT, else out).")
  private @Nullable String output;

  @Mixin private RegistryOption registry = new RegistryOption();

  @Override
  public Integer call() throws Exception {
    if (names.isEmpty() == (model == null)) {
      throw badUsage("Name manifests, or a model with --model");
    }
    Exposure exposure = Exposure.of(storage(), consumed());
    if (json()) {
      print(exposure.json());
      return 0;
    }
    for (Exposure.Counted one : exposure.manifests()) {
      out()
          .printf(
              "Manifest %s, %s%s%n",
              one.manifestId(),
              Counts.of(one.samples(), "sample"),
              model == null || one.counted() ? "" : " (all: no training has counted them)");
    }
    out().println();
    Table table =
        new Table("dataset", ">records", ">samples", ">never", ">once", ">twice", ">more", "given");
    for (Exposure.OfDataset dataset : exposure.datasets()) {
      table.row(
          dataset.dataset(),
          Counts.number(dataset.records()),
          Counts.number(dataset.samples()),
          Counts.number(dataset.given(0)),
          Counts.number(dataset.given(1)),
          Counts.number(dataset.given(2)),
          Counts.number(dataset.givenAtLeast(3)),
          Bar.of(
              dataset.records() == 0 ? 0 : (double) dataset.givenAtLeast(1) / dataset.records(),
              BAR_COLUMNS));
    }
    table.print(out());
    return 0;
  }

  private List<Exposure.Consumed> consumed() throws IOException {
    Settings settings = settings().with(Settings.OUTPUT, output);
    ManifestFinder finder =
        new ManifestFinder(
            registry.registry(),
            registry.workspace(),
            Optional.of(settings.output().orElse(Settings.USUAL_OUTPUT)));
    List<Exposure.Consumed> consumed = new ArrayList<>();
    for (String name : names) {
      consumed.add(Exposure.Consumed.whole(finder.find(name)));
    }
    if (model != null) {
      for (ModelManifests.Followed one :
          ModelManifests.of(registry.index(), storage(), registry.registry().folder(), model)) {
        consumed.add(Exposure.Consumed.of(one, finder.find(one.manifestId())));
      }
    }
    return consumed;
  }
}
