package dev.mixdown.cli.stages;

import dev.mixdown.configs.problems.Note;
import dev.mixdown.configs.switching.Observation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a trainer reports: an epoch with its metrics, or events, or both. */
final class ObservationOptions {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Option(
      names = "--epoch",
      paramLabel = "N",
      description = "How many epochs are over. Without it only events are reported.")
  private @Nullable Long epoch;

  @Option(names = "--loss", paramLabel = "X", description = "The same as --metric loss=X.")
  private @Nullable String loss;

  @Option(
      names = "--metric",
      paramLabel = "NAME=X",
      description = "A metric that conditions may compare, such as accuracy=0.92. May be repeated.")
  private Map<String, String> metrics = new LinkedHashMap<>();

  @Option(
      names = "--event",
      paramLabel = "NAME",
      description =
          "Something that happened, such as pretraining_complete. May be repeated. It counts until"
              + " the next switch.")
  private List<String> events = new ArrayList<>();

  /**
   * What was reported.
   *
   * @param notes takes what may not be meant
   */
  Observation observation(Consumer<Note> notes) {
    Map<String, String> reported = new LinkedHashMap<>(metrics);
    if (loss != null && reported.put("loss", loss) != null) {
      throw badUsage("--metric loss is given twice");
    }
    try {
      return Observation.of(Optional.ofNullable(epoch), reported, events, notes);
    } catch (IllegalArgumentException e) {
      throw badUsage(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException badUsage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
