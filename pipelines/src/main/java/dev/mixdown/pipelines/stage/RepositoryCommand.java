package dev.mixdown.pipelines.stage;

import dev.mixdown.configs.ReleaseRepository;
import dev.mixdown.configs.tree.Problem;
import dev.mixdown.pipelines.terminal.JsonCommand;
import dev.mixdown.pipelines.terminal.RepositoryOptions;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import picocli.CommandLine.Mixin;

/** The options of every command that is about a release repository and no data. */
abstract class RepositoryCommand extends JsonCommand {
  @Mixin private RepositoryOptions repository = new RepositoryOptions();

  ReleaseRepository repository() {
    return repository.repository();
  }

  /** The machine's time, in its time zone: what people write into these files by hand too. */
  Clock clock() {
    return Clock.system(ZoneId.systemDefault());
  }

  /** Tells a person what is probably not meant. */
  void warn(List<Problem> warnings) {
    warnings.forEach(warning -> err().println("Note: " + warning));
  }

  /** Tells a person that here, the environment decides and not the active stage. */
  void noteOfPin(String pinned) {
    out().println("Note: here, " + pinned + " decides whatever stage is active");
  }
}
