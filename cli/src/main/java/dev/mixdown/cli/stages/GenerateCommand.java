package dev.mixdown.cli.stages;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.RepositoryCommand;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.syntax.FlowYaml;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.templates.Ratios;
import dev.mixdown.configs.templates.StageGenerator;
import dev.mixdown.configs.templates.StageGenerator.Generated;
import dev.mixdown.configs.templates.Template;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    if (!StageCatalog.isKey(stage)) {
      throw badUsage(
          "--stage: \"" + stage + "\" cannot be a stage's key: it becomes a file's name");
    }
    Optional<Template> template = template();
    boolean arms = template.or(() -> Template.of(stage)).equals(Optional.of(Template.AB_TESTING));
    if (ratios.size() > (arms ? 2 : 1)) {
      throw badUsage(
          "--ratio is given %d times; %d is the most".formatted(ratios.size(), arms ? 2 : 1));
    }
    Map<String, Generated> files = generate(template, arms);
    write(files);
    Optional<String> entry = entry(arms, List.copyOf(files.keySet()));
    List<Problem> warnings = files.values().stream().flatMap(g -> g.warnings().stream()).toList();
    if (json()) {
      ObjectNode document = Json.object();
      document.put("stage", stage);
      ArrayNode written = document.putArray("written");
      files.keySet().forEach(written::add);
      document.set("warnings", Problems.json(warnings));
      document.put("stage_config_entry", entry.orElse(null));
      print(document);
      return 0;
    }
    files.keySet().forEach(file -> out().println("Wrote " + file));
    warn(warnings);
    if (arms && ratios.size() < 2) {
      err()
          .println(
              "Note: both arms are the same so far; change one of them, or give --ratio twice");
    }
    entry.ifPresent(
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

  private Map<String, Generated> generate(Optional<Template> template, boolean arms)
      throws IOException {
    ReleaseRepository repository = repository();
    StageGenerator generator = new StageGenerator(repository, LocalDateTime.now(clock()));
    List<Map<String, BigDecimal>> parsed = new ArrayList<>();
    for (String ratio : ratios) {
      try {
        parsed.add(Ratios.parse(ratio));
      } catch (IllegalArgumentException e) {
        throw badUsage("--ratio: " + e.getMessage());
      }
    }
    Map<String, BigDecimal> first = parsed.isEmpty() ? Map.of() : parsed.get(0);
    Map<String, Generated> files = new LinkedHashMap<>();
    if (!arms) {
      String file =
          Storage.resolve(
              repository.folder(), output == null ? "stages/" + stage + ".json" : output);
      files.put(file, generator.generate(base, stage, template, first, file));
      return files;
    }
    String folder =
        Storage.resolve(repository.folder(), output == null ? "stages/" + stage : output);
    Map<String, BigDecimal> second = parsed.size() > 1 ? parsed.get(1) : first;
    for (String variant : List.of("variant_a", "variant_b")) {
      String file = Storage.resolve(folder, variant + ".json");
      files.put(
          file,
          generator.generate(
              base, stage, template, variant.equals("variant_a") ? first : second, file));
    }
    return files;
  }

  private void write(Map<String, Generated> files) throws IOException {
    for (String file : files.keySet()) {
      if (!file.endsWith(".json")) {
        throw badUsage(file + ": a dataset config is a .json file; name one with --output");
      }
      if (!Storage.isSupported(file)) {
        throw badUsage(file + ": " + Storage.cannotOpen(file));
      }
      if (!force && Storage.stat(file).isPresent()) {
        throw badUsage(file + " is there already; --force writes over it, --output goes elsewhere");
      }
    }
    for (Map.Entry<String, Generated> file : files.entrySet()) {
      Storage.makeFolder(Storage.folder(file.getKey()));
      byte[] bytes = file.getValue().text().getBytes(StandardCharsets.UTF_8);
      if (force) {
        Storage.write(file.getKey(), bytes);
      } else if (!Storage.replace(file.getKey(), Optional.empty(), bytes)) {
        throw badUsage(file.getKey() + " was made by somebody else at the same time");
      }
    }
  }

  /** What stage_config.yaml has to say for the stage; empty where it knows the stage already. */
  private Optional<String> entry(boolean arms, List<String> files) throws IOException {
    Optional<Stage> known =
        repository()
            .catalog(new Problems())
            .flatMap(c -> Optional.ofNullable(c.stages().get(stage)));
    if (known.isPresent()) {
      return Optional.empty();
    }
    List<String> seen = files.stream().map(file -> relative(repository().folder(), file)).toList();
    String config =
        arms
            ? """
                  variants:
                    variant_a: {config_file: "%s", weight: 0.5}
                    variant_b: {config_file: "%s", weight: 0.5}
              """
                .formatted(seen.get(0), seen.get(1))
            : "    config_file: \"%s\"\n".formatted(seen.get(0));
    String key = FlowYaml.key(stage);
    return Optional.of("  %s:\n%s    trigger_mode: \"manual\"\n".formatted(key, config));
  }

  private static String relative(String folder, String file) {
    String prefix = Storage.resolve(folder, "x").replaceFirst("x$", "");
    return file.startsWith(prefix) ? file.substring(prefix.length()) : Storage.absolute(file);
  }
}
