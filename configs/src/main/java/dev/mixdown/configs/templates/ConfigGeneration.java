package dev.mixdown.configs.templates;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.syntax.FlowYaml;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.templates.StageGenerator.Generated;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a stage's configs, from an existing one, a template, or both, and says what makes it a
 * stage of the catalog.
 */
public final class ConfigGeneration {
  private static final List<String> ARMS = List.of("variant_a", "variant_b");

  private final ReleaseRepository repository;
  private final Clock clock;

  public ConfigGeneration(ReleaseRepository repository, Clock clock) {
    this.repository = repository;
    this.clock = clock;
  }

  /**
   * What is asked for.
   *
   * @param stage the stage's key
   * @param base the config whose datasets it takes
   * @param template whose settings it takes; a stage of such a name takes them anyway
   * @param ratios the data_ratio, as {@code highway:0.4,urban:0.6}; for A/B one for each arm
   * @param output the file, or for A/B the folder, seen from the repository
   * @param force whether a file that is there is written over
   */
  public record Request(
      String stage,
      String base,
      Optional<Template> template,
      List<String> ratios,
      Optional<String> output,
      boolean force) {
    /** Whether it has two arms. */
    public boolean arms() {
      return template.or(() -> Template.of(stage)).equals(Optional.of(Template.AB_TESTING));
    }
  }

  /**
   * What was made.
   *
   * @param files that were written
   * @param entry what stage_config.yaml has to say for the stage; empty where it knows the stage
   */
  public record Outcome(
      String stage, List<String> files, List<Problem> warnings, Optional<String> entry) {
    /** The document that {@code stage generate --json} prints. */
    public ObjectNode json() {
      ObjectNode document = Json.object().put("stage", stage);
      document.set("written", Json.tree(files));
      document.set("notes", Problems.json(warnings));
      return document.put("stage_config_entry", entry.orElse(null));
    }
  }

  /**
   * Makes the files.
   *
   * @throws IllegalArgumentException when it cannot be done as it was asked; the message names the
   *     option of the command line
   */
  public Outcome generate(Request request) throws IOException {
    if (!StageCatalog.isKey(request.stage())) {
      throw new IllegalArgumentException(
          "--stage: \"%s\" cannot be a stage's key: it becomes a file's name"
              .formatted(request.stage()));
    }
    int most = request.arms() ? 2 : 1;
    if (request.ratios().size() > most) {
      throw new IllegalArgumentException(
          "--ratio is given %d times; %d is the most".formatted(request.ratios().size(), most));
    }
    Map<String, Generated> files = files(request);
    check(request, files.keySet());
    write(request, files);
    List<Problem> warnings = files.values().stream().flatMap(g -> g.warnings().stream()).toList();
    List<String> paths = List.copyOf(files.keySet());
    return new Outcome(request.stage(), paths, warnings, entry(request, paths));
  }

  private Map<String, Generated> files(Request request) throws IOException {
    StageGenerator generator = new StageGenerator(repository, LocalDateTime.now(clock));
    List<Map<String, BigDecimal>> ratios = new ArrayList<>();
    for (String ratio : request.ratios()) {
      try {
        ratios.add(Ratios.parse(ratio));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("--ratio: " + e.getMessage(), e);
      }
    }
    Map<String, BigDecimal> first = ratios.isEmpty() ? Map.of() : ratios.get(0);
    Map<String, BigDecimal> second = ratios.size() > 1 ? ratios.get(1) : first;
    String usual = "stages/" + request.stage() + (request.arms() ? "" : ".json");
    String place = StoragePath.resolve(repository.folder(), request.output().orElse(usual));
    Map<String, Generated> files = new LinkedHashMap<>();
    if (request.arms()) {
      for (String arm : ARMS) {
        String file = StoragePath.resolve(place, arm + ".json");
        files.put(
            file, generate(generator, request, arm.equals(ARMS.get(0)) ? first : second, file));
      }
    } else {
      files.put(place, generate(generator, request, first, place));
    }
    return files;
  }

  private static Generated generate(
      StageGenerator generator, Request request, Map<String, BigDecimal> ratio, String file)
      throws IOException {
    return generator.generate(request.base(), request.stage(), request.template(), ratio, file);
  }

  private void check(Request request, Set<String> files) throws IOException {
    for (String file : files) {
      if (!file.endsWith(".json")) {
        throw new IllegalArgumentException(
            file + ": a dataset config is a .json file; name one with --output");
      }
      if (!StoragePath.isSupported(file)) {
        throw new IllegalArgumentException(file + ": " + StoragePath.cannotOpen(file));
      }
      if (!request.force() && repository.exists(file)) {
        throw new IllegalArgumentException(
            file + " is there already; --force writes over it, --output goes elsewhere");
      }
    }
  }

  private void write(Request request, Map<String, Generated> files) throws IOException {
    for (Map.Entry<String, Generated> file : files.entrySet()) {
      repository.storage().makeFolder(StoragePath.folder(file.getKey()));
      byte[] bytes = file.getValue().text().getBytes(StandardCharsets.UTF_8);
      if (request.force()) {
        repository.storage().write(file.getKey(), bytes);
      } else if (!repository.storage().replace(file.getKey(), Optional.empty(), bytes)) {
        throw new IllegalArgumentException(
            file.getKey() + " was made by another process at the same time; run again");
      }
    }
  }

  /** What stage_config.yaml has to say for the stage; empty where it knows the stage already. */
  private Optional<String> entry(Request request, List<String> files) throws IOException {
    Optional<Stage> known =
        repository
            .catalog(new Problems())
            .flatMap(c -> Optional.ofNullable(c.stages().get(request.stage())));
    if (known.isPresent()) {
      return Optional.empty();
    }
    List<String> seen = files.stream().map(this::relative).toList();
    String config =
        request.arms()
            ? """
                  variants:
                    variant_a: {config_file: "%s", weight: 0.5}
                    variant_b: {config_file: "%s", weight: 0.5}
              """
                .formatted(seen.get(0), seen.get(1))
            : "    config_file: \"%s\"\n".formatted(seen.get(0));
    String key = FlowYaml.key(request.stage());
    return Optional.of("  %s:\n%s    trigger_mode: \"manual\"\n".formatted(key, config));
  }

  private String relative(String file) {
    String prefix = StoragePath.resolve(repository.folder(), "x").replaceFirst("x$", "");
    return file.startsWith(prefix) ? file.substring(prefix.length()) : StoragePath.absolute(file);
  }
}
