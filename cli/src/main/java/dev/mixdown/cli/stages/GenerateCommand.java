package dev.mixdown.cli.stages;

import dev.mixdown.cli.options.RepositoryCommand;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.templates.ConfigGeneration;
import dev.mixdown.configs.templates.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes configs. */
@Command(
    name = "generate",
    description = {
      "Make a stage's config from an existing one, a template, or both.",
      "",
      "Its datasets are those of the base. What was filled in, and from where, is noted in its"
          + " meta.x_filled_in."
    },
    sortOptions = false)
final class GenerateCommand extends RepositoryCommand {
  @Option(
      names = "--stage",
      required = true,
      paramLabel = "STAGE",
      description = "The stage to make a config for.")
  private String stage = "";

  @Option(
      names = "--base-config",
      paramLabel = "FILE",
      defaultValue = ReleaseRepository.TRAINING_DATASET,
      description = "The config whose datasets it takes (default: ${DEFAULT-VALUE}).")
  private String base = ReleaseRepository.TRAINING_DATASET;

  @Option(
      names = "--template",
      paramLabel = "T",
      description =
          "pretraining, finetuning, evaluation or ab_testing: whose settings it takes. A stage of"
              + " such a name takes those that its base does not have.")
  private @Nullable String templateName;

  @Option(
      names = "--ratio",
      paramLabel = "C:R,...",
      description =
          "The data_ratio, as highway:0.4,urban:0.6. For ab_testing it may be given twice, for the"
              + " one arm and the other.")
  private List<String> ratios = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "Where it goes, seen from the repository (default: stages/STAGE.json; for ab_testing the"
              + " folder stages/STAGE).")
  private @Nullable String output;

  @Option(names = "--force", description = "Write over a file that is there.")
  private boolean force;

  @Override
  public Integer call() throws Exception {
    ConfigGeneration.Request request =
        new ConfigGeneration.Request(
            stage, base, template(), ratios, Optional.ofNullable(output), force);
    ConfigGeneration.Outcome outcome;
    try {
      outcome = new ConfigGeneration(repository(), clock()).generate(request);
    } catch (IllegalArgumentException e) {
      throw badUsage(String.valueOf(e.getMessage()));
    }
    if (json()) {
      print(outcome.json());
      return 0;
    }
    outcome.files().forEach(file -> out().println("Wrote " + file));
    warn(outcome.warnings());
    if (request.arms() && ratios.size() < 2) {
      err()
          .println(
              "Note: both arms are the same so far; change one of them, or give --ratio twice");
    }
    outcome
        .entry()
        .ifPresent(
            text -> {
              out().println("To make it a stage, add to stages in stage_config.yaml:");
              out().print(text);
            });
    return 0;
  }

  private Optional<Template> template() {
    Optional<Template> template = Optional.ofNullable(templateName).flatMap(Template::of);
    if (templateName != null && template.isEmpty()) {
      throw badUsage(
          "--template %s: there are pretraining, finetuning, evaluation and ab_testing"
              .formatted(templateName));
    }
    return template;
  }
}
