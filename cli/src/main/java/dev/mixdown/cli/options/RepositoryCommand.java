package dev.mixdown.cli.options;

import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.repository.ReleaseRepository;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import picocli.CommandLine.Mixin;

/** The options of every command that is about a release repository and no data. */
public abstract class RepositoryCommand extends JsonCommand {
  @Mixin private RepositoryOptions repository = new RepositoryOptions();

  protected ReleaseRepository repository() {
    return repository.repository();
  }

  /** The machine's time, in its time zone: what people write into these files by hand too. */
  protected Clock clock() {
    return Clock.system(ZoneId.systemDefault());
  }

  /** Tells a person what is probably not meant. */
  protected void warn(List<Problem> warnings) {
    warnings.forEach(warning -> err().println("Note: " + warning));
  }

  /** Tells a person that here, the environment decides and not the active stage. */
  protected void noteOfPin(String pinned) {
    out().println("Note: here, " + pinned + " decides whatever stage is active");
  }
}
