package dev.mixdown.cli.online;

import dev.mixdown.cli.options.ConfigOptions;
import dev.mixdown.cli.options.RepositoryOptions;
import dev.mixdown.cli.options.WorkspaceOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.streams.OnlineStage;
import dev.mixdown.pipelines.streams.StreamFolder;
import dev.mixdown.registry.streams.StreamDocument;
import java.io.IOException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that is about a stream: which stage's, and where it lies. */
abstract class StreamCommand extends JsonCommand {
  @Mixin private RepositoryOptions repository = new RepositoryOptions();

  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(
      names = Settings.OUTPUT,
      paramLabel = "DIR",
      order = 15,
      description = "Where manifests and streams lie (default: $MIXDOWN_OUTPUT, else out).")
  private @Nullable String output;

  @Mixin private WorkspaceOption workspace = new WorkspaceOption();

  /** A stream that is there. */
  record Located(OnlineStage stage, StreamFolder folder, StreamDocument document) {}

  /** The settings, with where manifests and the workspace lie. */
  final Settings located() {
    return workspace.in(settings().with(Settings.OUTPUT, output));
  }

  /** The machine's time. */
  final Clock clock() {
    return Clock.systemUTC();
  }

  /** The folder that all stages' manifests and streams lie in. */
  final String output() {
    return located().output().orElse(Settings.USUAL_OUTPUT);
  }

  final ReleaseRepository repository() {
    return repository.repository();
  }

  final ConfigOptions config() {
    return config;
  }

  final WorkspaceOption workspace() {
    return workspace;
  }

  /**
   * The stream of a stage.
   *
   * @throws ConfigException where it has not begun
   */
  final Located stream(@Nullable String stage) throws IOException {
    OnlineStage online = OnlineStage.of(repository(), config.choice(stage));
    StreamFolder folder = online.folder(storage(), output());
    StreamDocument document =
        folder
            .document()
            .orElseThrow(
                () ->
                    new ConfigException(
                        "the stream",
                        folder.path(),
                        "it has not begun; begin it with mixdown online tick or run"));
    return new Located(online, folder, document);
  }
}
