package dev.mixdown.cli.completion;

import dev.mixdown.cli.output.RootCommand;
import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.recipes.RecipeSources;
import dev.mixdown.registry.Registry;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints names of a release repository, for the script that completes the command line. */
@Command(name = "complete", hidden = true, description = "Print names, for completion.")
public final class CompleteCommand implements Runnable {
  /** What there are names of. */
  enum Kind {
    STAGES,
    VARIANTS,
    DATASETS,
    CONFIGS,
    RECIPES
  }

  private static final Pattern NAMED_CONFIG =
      Pattern.compile("(?:.*/)?training_dataset\\.([^./]+)\\.json");

  @Spec
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Parameters(arity = "1", paramLabel = "KIND")
  private Kind kind = Kind.STAGES;

  @Option(names = "--repo", paramLabel = "DIR", defaultValue = ".")
  private String repo = ".";

  @Override
  public void run() {
    ReleaseRepository repository =
        new ReleaseRepository(RootCommand.of(spec).settings().storage(), repo, Map.of());
    Collection<String> names;
    try {
      names = names(repository);
    } catch (IOException | RuntimeException e) {
      // Whoever presses a key wants names, or nothing.
      names = List.of();
    }
    names.forEach(spec.commandLine().getOut()::println);
    spec.commandLine().getOut().flush();
  }

  private Collection<String> names(ReleaseRepository repository) throws IOException {
    if (kind == Kind.CONFIGS) {
      return repository.storage().names(repository.folder()).stream()
          .map(NAMED_CONFIG::matcher)
          .filter(Matcher::matches)
          .map(matcher -> matcher.group(1))
          .toList();
    }
    if (kind == Kind.RECIPES) {
      return new RecipeSources(
              repository.storage(),
              repository.folder(),
              new Registry(
                  repository.storage(), RootCommand.of(spec).settings().registry(), damage -> {}))
          .library()
          .ids();
    }
    Optional<StageCatalog> catalog = repository.catalog(new Problems());
    if (kind == Kind.STAGES) {
      return catalog.map(c -> c.stages().keySet()).orElseThrow();
    }
    TreeSet<String> names = new TreeSet<>();
    if (kind == Kind.VARIANTS) {
      catalog.orElseThrow().stages().values().forEach(s -> names.addAll(s.variants().keySet()));
      return names;
    }
    List<StageChoice> stages =
        catalog.stream()
            .flatMap(c -> c.stages().values().stream())
            .flatMap(stage -> stage.choices(Optional.empty()).stream())
            .toList();
    for (StageChoice stage : stages.isEmpty() ? List.of(StageChoice.OPEN) : stages) {
      datasets(repository, stage).forEach(names::add);
    }
    return names;
  }

  /** The datasets of a stage; none where its config cannot be read. */
  private static Stream<String> datasets(ReleaseRepository repository, StageChoice stage)
      throws IOException {
    try {
      Resolution resolution = repository.resolve(stage);
      DatasetConfig config = resolution.config();
      return config.datasets().stream().map(entry -> entry.name());
    } catch (RuntimeException e) {
      return Stream.of();
    }
  }
}
