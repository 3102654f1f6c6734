package dev.mixdown.cli.manifests;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.catalog.CatalogOption;
import dev.mixdown.cli.options.BadRecordOptions;
import dev.mixdown.cli.options.CheckOption;
import dev.mixdown.cli.options.RegistryFolderOption;
import dev.mixdown.cli.options.RepositoryOptions;
import dev.mixdown.cli.options.RunnerOptions;
import dev.mixdown.cli.options.WorkspaceOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.cli.output.TerminalProgress;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.ManifestFinder;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.prepare.PrepareOutput;
import dev.mixdown.pipelines.prepare.PrepareRequest;
import dev.mixdown.pipelines.prepare.RemixChoice;
import dev.mixdown.pipelines.remix.Remixing;
import dev.mixdown.pipelines.remix.Remixing.Remixed;
import dev.mixdown.pipelines.samples.RuleSources;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.manifests.Remix;
import dev.mixdown.transforms.manifest.ManifestFormat;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Goes on from a manifest with another mix. */
@Command(
    name = "remix",
    description = {
      "Change the mix in the middle of a training: prepare a manifest that goes on from a position of"
          + " another one.",
      "",
      "What was consumed counts as used; the new manifest gives the rest by another mix, and its"
          + " positions start at 0. remix.json beside it proves that nothing is lost and nothing is"
          + " repeated: of each stratum, consumed + given + left over = passes x the records of the"
          + " dataset version. verify makes the proof again. No shard is read that did not change."
    },
    customSynopsis =
        "mixdown remix MANIFEST --at POSITION [--ratio NAME=SHARE,... | --config NAME|FILE] [OPTIONS]"
            + " [-- BEAM OPTIONS]",
    sortOptions = false)
public final class RemixCommand extends JsonCommand {
  @Parameters(
      index = "0",
      paramLabel = "MANIFEST",
      description =
          "A manifest's folder or manifest.json, its stage's folder (the current one is meant), or"
              + " the first digits of its id.")
  private String name = "";

  @Option(
      names = "--at",
      paramLabel = "POSITION",
      required = true,
      order = 1,
      description = "How many of its samples were consumed: the training goes on at this position.")
  private long position;

  @Option(
      names = "--ratio",
      paramLabel = "NAME=SHARE",
      split = ",",
      order = 2,
      description =
          "The new mix: the share of every category of data_ratio; of every dataset where the config"
              + " has no data_ratio. Shares are normalised.")
  private Map<String, BigDecimal> ratio = new LinkedHashMap<>();

  @Option(
      names = "--config",
      paramLabel = "NAME|FILE",
      order = 3,
      description =
          "The config with the new mix: a file, or the NAME of training_dataset.NAME.json (default:"
              + " the stage's config as it is now).")
  private @Nullable String config;

  @Option(
      names = "--current",
      order = 4,
      description = "Make the new manifest the stage's current one.")
  private boolean current;

  @Mixin private RepositoryOptions repository = new RepositoryOptions();

  @Option(
      names = Settings.OUTPUT,
      paramLabel = "DIR",
      description = "Where manifests lie (default: $MIXDOWN_OUTPUT, else where MANIFEST lies).")
  private @Nullable String output;

  @Mixin private RegistryFolderOption registry = new RegistryFolderOption();

  @Mixin private WorkspaceOption workspace = new WorkspaceOption();

  @Mixin private CatalogOption catalog = new CatalogOption();

  @Mixin private CheckOption check = new CheckOption();

  @Mixin private BadRecordOptions badRecords = new BadRecordOptions();

  @Mixin private RunnerOptions runner = new RunnerOptions();

  @Override
  public Integer call() throws Exception {
    Settings named =
        registry.in(workspace.in(repository.in(settings()))).with(Settings.OUTPUT, output);
    ManifestFolder manifest =
        new ManifestFinder(
                registry(named),
                named.workspace(),
                Optional.of(named.output().orElse(Settings.USUAL_OUTPUT)))
            .find(name);
    long samples = manifest.manifest().samples();
    if (position < 0 || position > samples) {
      throw badUsage(
          "--at is %d; manifest %s has positions from 0 to %d"
              .formatted(position, manifest.manifest().id(), samples));
    }
    if (!ratio.isEmpty() && config != null) {
      throw badUsage("--ratio and --config both say the new mix; keep one of them");
    }
    for (Map.Entry<String, BigDecimal> share : ratio.entrySet()) {
      if (share.getValue().signum() < 0) {
        throw badUsage("--ratio: the share of %s is below 0".formatted(share.getKey()));
      }
    }
    Settings settings = named.with(Settings.OUTPUT, named.output().orElse(manifest.output()));
    PrepareRequest request = request(settings, manifest.manifest());
    Remixing remixing = new Remixing(request, TerminalProgress.orNone(storage()));
    PrepareOutput to =
        new PrepareOutput(
            settings.output().orElseThrow(),
            Optional.empty(),
            settings.registry(),
            events(),
            settings.outboxes(),
            false,
            current);
    Remixed remixed =
        InterruptNotice.during(
            remixing::interrupted, request.workspace().folder(), err(), () -> remixing.remix(to));
    catalog.fill(settings, registry(settings));
    if (json()) {
      ObjectNode document = remixed.prepared().json();
      document.put("current", current);
      document.set("remix", Json.read(remixed.proof().bytes()));
      print(document);
    } else {
      print(remixed);
    }
    return 0;
  }

  private PrepareRequest request(Settings settings, Manifest manifest) throws IOException {
    requireWritable(Settings.OUTPUT, settings.output().orElseThrow());
    requireWritable(Settings.REGISTRY, settings.registry());
    requireWritable(Settings.WORKSPACE, settings.workspace().folder());
    ReleaseRepository release = repository.repository();
    StageChoice choice = release.choice(manifest.stage(), Optional.ofNullable(manifest.variant()));
    return new PrepareRequest(
            release,
            choice.with(Optional.ofNullable(config), tasks(manifest)),
            settings.workspace(),
            manifest.epoch(),
            manifest.format().equals("jsonl") ? ManifestFormat.JSONL : ManifestFormat.PARQUET,
            check.full(),
            badRecords.skip(),
            badRecords.maxRejected(),
            runner.settings(),
            Optional.empty(),
            RuleSources.of(settings),
            Optional.empty())
        .remixing(new RemixChoice(manifest.id(), position, ratio));
  }

  private static List<String> tasks(Manifest manifest) {
    List<String> tasks = new ArrayList<>();
    if (manifest.tasks() != null) {
      manifest.tasks().forEach(task -> tasks.add(task.asText()));
    }
    return tasks;
  }

  private Registry registry(Settings settings) throws IOException {
    return new Registry(storage(), settings.registry(), damage -> err().println("Note: " + damage));
  }

  private void print(Remixed remixed) {
    MixTable.print(remixed.prepared().plan(), out());
    remixed.prepared().changes().ifPresent(changes -> out().println(changes.line()));
    Remix proof = remixed.proof();
    out()
        .printf(
            "%nManifest %s goes on from %s at position %,d. Nothing is lost and nothing repeated:%n",
            proof.manifestId(), proof.continued().manifestId(), proof.continued().consumed());
    Table table =
        new Table(
            "dataset", "category", ">passes", ">records", ">consumed", ">given", ">left over");
    for (Remix.Stratum stratum : proof.strata()) {
      table.row(
          stratum.dataset(),
          stratum.category(),
          Counts.number(stratum.passes()),
          Counts.number(stratum.records()),
          Counts.number(stratum.consumed()),
          Counts.number(stratum.given()),
          Counts.number(stratum.leftOver()));
    }
    table.print(out());
    for (Remix.Stratum stratum : proof.strata()) {
      if (stratum.gone() != null) {
        out()
            .printf(
                "Note: %,d samples of %s were of records that it does not have any more%n",
                stratum.gone(), stratum.dataset());
      }
    }
    proof
        .unknown()
        .forEach(
            dataset ->
                out()
                    .printf(
                        "Note: what is left over of %s is not known: its shards are gone or have changed%n",
                        dataset));
    out().println("consumed + given + left over = passes x records. " + proof.about());
    out()
        .println(
            current
                ? "Current now: " + remixed.prepared().manifest()
                : "Prepared %s; the stage's current manifest stays as it is (--current switches)"
                    .formatted(remixed.prepared().manifest()));
  }
}
