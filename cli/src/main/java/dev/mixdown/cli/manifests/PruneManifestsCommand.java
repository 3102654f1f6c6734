package dev.mixdown.cli.manifests;

import dev.mixdown.cli.options.OutputArgument;
import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.manifests.Pruning;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.RegistryIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Removes manifests. */
@Command(
    name = "prune",
    description = {
      "Remove manifests that are not needed any more; without --yes, only show which.",
      "",
      "Kept are: the current manifest of each stage, those that a training followed (as the registry"
          + " or a training_info.json says), those that another manifest names, and those that are"
          + " newer than --keep. What is removed can be prepared again while its data is there."
    },
    sortOptions = false)
final class PruneManifestsCommand extends JsonCommand {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})([mhdw])");

  @Mixin private OutputArgument output = new OutputArgument();

  @Option(
      names = "--keep",
      paramLabel = "TIME",
      defaultValue = "7d",
      description = "Keep what is not older: 30m, 12h, 7d or 4w (default: ${DEFAULT-VALUE}).")
  private String keep = "7d";

  @Option(
      names = "--artifacts",
      paramLabel = "DIR",
      description = "Where training_info.json files lie that may name a manifest. May be repeated.")
  private List<String> artifacts = new ArrayList<>();

  @Option(names = "--yes", description = "Remove them.")
  private boolean yes;

  @Mixin private RegistryOption registryOption = new RegistryOption();

  @Override
  public Integer call() throws Exception {
    Settings settings = output.in(settings());
    // A misspelt registry knows of no training: everything would look unneeded.
    Registry registry = registryOption.existing(settings);
    Pruning.Outcome outcome =
        new Pruning(
                storage(),
                new Pruning.Request(
                    output.folder(settings),
                    artifacts,
                    RegistryIndex.of(registry, registryOption.workspace().folder()),
                    duration(),
                    Instant.now(),
                    yes))
            .run();
    if (json()) {
      print(outcome.json());
      return 0;
    }
    if (outcome.unneeded().isEmpty()) {
      out().printf("Nothing to remove: all of %s are needed%n", count(outcome.verdicts().size()));
      return 0;
    }
    ListManifestsCommand.table(outcome.unneeded()).print(out());
    out()
        .printf(
            "%s %s, %s bytes; kept %d%s%n",
            outcome.removed() ? "Removed" : "Would remove",
            count(outcome.unneeded().size()),
            Counts.number(outcome.bytes()),
            outcome.verdicts().size() - outcome.unneeded().size(),
            outcome.removed() ? "" : ". Add --yes to remove them");
    return 0;
  }

  private static String count(int manifests) {
    return Counts.of(manifests, "manifest");
  }

  private Duration duration() {
    Matcher matcher = DURATION.matcher(keep);
    if (!matcher.matches()) {
      throw badUsage("--keep is \"" + keep + "\"; 30m, 12h, 7d or 4w is expected");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      case "w" -> Duration.ofDays(7 * number);
      default -> Duration.ofDays(number);
    };
  }
}
