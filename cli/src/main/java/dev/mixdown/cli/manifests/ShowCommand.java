package dev.mixdown.cli.manifests;

import dev.mixdown.cli.options.ManifestArgument;
import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.options.RepositoryOptions;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.TerminalProgress;
import dev.mixdown.cli.output.TerminalText;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.leaks.LeakReport;
import dev.mixdown.pipelines.leaks.Leaks;
import dev.mixdown.pipelines.samples.RuleSources;
import dev.mixdown.pipelines.show.ManifestSamples;
import dev.mixdown.pipelines.show.ManifestSamples.ReadPermission;
import dev.mixdown.pipelines.show.ShownSample;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows samples of a manifest. */
@Command(
    name = "show",
    description = {
      "Show samples of a manifest, in order: the records themselves, and where each comes from.",
      "",
      "Long records are shortened to the width of the terminal; --full and --json show them whole."
    },
    sortOptions = false)
public final class ShowCommand extends JsonCommand {
  @Mixin private ManifestArgument manifest = new ManifestArgument();

  @Option(
      names = "--at",
      paramLabel = "POSITION",
      defaultValue = "0",
      description = "The position to begin at, from 0 (default: ${DEFAULT-VALUE}).")
  private long at;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many samples to show (default: ${DEFAULT-VALUE}).")
  private long count;

  @Option(
      names = "--sample",
      paramLabel = "N",
      description =
          "Show N samples spread evenly over the manifest, the same ones every time; in place of"
              + " --at and --count.")
  private @Nullable Long sample;

  @Option(names = "--dataset", paramLabel = "D", description = "Only samples of this dataset.")
  private @Nullable String dataset;

  @Option(
      names = "--identity",
      paramLabel = "HEX",
      description =
          "Only samples of the records with this identity, 16 hexadecimal digits, as leaks and --json"
              + " show them.")
  private @Nullable String identity;

  @Option(
      names = "--leaked",
      description =
          "Only samples of records that are held out: what the manifest's stage in --repo holds out,"
              + " and stages for evaluation.")
  private boolean leaked;

  @Mixin private RepositoryOptions repository = new RepositoryOptions();

  @Option(names = "--full", description = "Show records whole.")
  private boolean full;

  @Mixin private RegistryOption registryOption = new RegistryOption();

  @Override
  public Integer call() throws Exception {
    if (at < 0 || count < 0 || (sample != null && sample < 0)) {
      throw badUsage("--at, --count and --sample may not be below 0");
    }
    if (leaked && (identity != null || sample != null)) {
      throw badUsage("--leaked goes without --identity and --sample");
    }
    ManifestFolder folder = manifest.find(registryOption, at);
    ManifestSamples samples = new ManifestSamples(storage(), folder, ReadPermission.ALL);
    Optional<String> only = Optional.ofNullable(dataset);
    ManifestSamples.Outcome found =
        leaked
            ? samples.of(heldOut(folder), at, count, only)
            : identity != null
                ? samples.of(hash(identity), at, count, only)
                : sample == null ? samples.from(at, count, only) : samples.spread(sample, only);
    if (json()) {
      print(found.json());
      return 0;
    }
    for (ShownSample shown : found.samples()) {
      out().println(place(shown, full ? shown.uri() : StoragePath.name(shown.uri())));
      String text = shown.text();
      out().println("  " + (full ? text : TerminalText.shortened(text, TerminalText.width() - 2)));
    }
    if (found.samples().isEmpty()) {
      out()
          .println(
              leaked
                  ? "No sample there is held out"
                  : "No samples there; the manifest has " + Counts.of(found.total(), "sample"));
    }
    return 0;
  }

  /** The records of a manifest that are held out, by the uri of their shard. */
  private Map<String, BitSet> heldOut(ManifestFolder folder) throws IOException {
    Settings settings = registryOption.located().with(Settings.OUTPUT, folder.output());
    Leaks leaks =
        new Leaks(
            repository.repository(),
            RuleSources.of(settings),
            settings.workspace(),
            RunnerSettings.DIRECT,
            TerminalProgress.orNone(storage()));
    leaks.ofManifest(folder);
    Map<String, BitSet> records = new HashMap<>();
    for (LeakReport.Leak leak : leaks.report().leaks()) {
      records.computeIfAbsent(leak.uri(), uri -> new BitSet()).set(leak.record());
    }
    return records;
  }

  private long hash(String hex) {
    if (!hex.matches("[0-9a-fA-F]{16}") || sample != null) {
      throw badUsage("--identity takes 16 hexadecimal digits, and goes without --sample");
    }
    return Long.parseUnsignedLong(hex, 16);
  }

  private static String place(ShownSample shown, String shard) {
    return "%d  %s%s%s  %s record %d"
        .formatted(
            shown.sample().position(),
            shown.sample().dataset(),
            shown.sample().category().isEmpty() ? "" : "/" + shown.sample().category(),
            shown.sample().pass() == 0 ? "" : ", pass " + shown.sample().pass(),
            shard,
            shown.sample().record());
  }
}
