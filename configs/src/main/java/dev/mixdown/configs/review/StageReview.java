package dev.mixdown.configs.review;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.syntax.Problems;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a stage can be entered.
 *
 * @param configs its dataset config, or those of its arms, as far as they can be read
 * @param errors what makes it unusable
 * @param warnings what is probably not meant
 */
public record StageReview(List<Resolution> configs, List<Problem> errors, List<Problem> warnings) {

  /** Whether nothing keeps it from being entered. */
  public boolean usable() {
    return errors.isEmpty();
  }

  /** Looks at the config of a stage's arm; without one, at those of all its arms. */
  public static StageReview of(ReleaseRepository repository, Stage stage, Optional<String> variant)
      throws IOException {
    List<Resolution> configs = new ArrayList<>();
    Problems errors = new Problems();
    Problems warnings = new Problems();
    for (StageChoice choice : stage.choices(variant)) {
      try {
        Resolution resolution = repository.unforced().resolve(choice);
        configs.add(resolution);
        ConfigReview.review(resolution.config(), errors, warnings);
      } catch (ConfigException e) {
        e.problems().forEach(errors::add);
      }
    }
    return new StageReview(configs, errors.list(), warnings.list());
  }
}
