package dev.mixdown.cli.stages;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.ConfigOptions;
import dev.mixdown.cli.options.RepositoryCommand;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.manifests.CurrentManifest;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells a training script what to train with. */
@Command(
    name = "resolve",
    description = {
      "Print what a training script needs: stage, variant, config and current manifest.",
      "",
      "In a script:  eval \"$(mixdown stage resolve --output DIR)\"",
      "It sets MIXDOWN_STAGE, MIXDOWN_VARIANT, MIXDOWN_CONFIG, MIXDOWN_MANIFEST and"
          + " MIXDOWN_MANIFEST_ID, and unsets those that there are none for. Where something is"
          + " wrong, the eval fails."
    },
    sortOptions = false)
final class ResolveCommand extends RepositoryCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "STAGE",
      description =
          "The stage. Without it: TRAINING_STAGE, else (auto or unset) the active stage, else the"
              + " default stage.")
  private @Nullable String stage;

  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(
      names = "--unit",
      paramLabel = "ID",
      description =
          "Whose arm of an A/B stage is meant: always the same for the same ID, and over many in"
              + " the proportion of the variants' weights.")
  private @Nullable String unit;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Where prepare writes manifests (default: $MIXDOWN_OUTPUT).")
  private @Nullable String output;

  /** A manifest that is current. */
  private record PreparedManifest(String id, String file) {}

  @Override
  public Integer call() throws Exception {
    if (config.choice(stage).variant().isPresent() && unit != null) {
      throw badUsage("--variant and --unit exclude each other; leave one out");
    }
    if (unit != null && unit.isBlank()) {
      throw badUsage("--unit is empty, so everybody would have the same arm; name the unit");
    }
    if (json()) {
      print(json(resolution()));
      return 0;
    }
    try {
      Map<String, Optional<String>> variables = variables(resolution());
      variables.forEach(
          (name, value) ->
              out()
                  .println(
                      value.map(v -> "export " + name + "=" + quoted(v)).orElse("unset " + name)));
      return 0;
    } catch (IOException | RuntimeException e) {
      // Inside $( ) the exit code is lost: this makes the eval around it fail.
      out().println("false");
      throw e;
    }
  }

  private Resolution resolution() throws IOException {
    return repository().resolve(config.choice(stage).of(Optional.ofNullable(unit)));
  }

  private Map<String, Optional<String>> variables(Resolution resolution) throws IOException {
    Optional<PreparedManifest> manifest = manifest(resolution);
    Map<String, Optional<String>> variables = new LinkedHashMap<>();
    variables.put("MIXDOWN_STAGE", Optional.of(resolution.stage()));
    variables.put("MIXDOWN_VARIANT", resolution.variant());
    variables.put("MIXDOWN_CONFIG", Optional.of(Storage.absolute(resolution.config().file())));
    variables.put("MIXDOWN_MANIFEST", manifest.map(PreparedManifest::file));
    variables.put("MIXDOWN_MANIFEST_ID", manifest.map(PreparedManifest::id));
    return variables;
  }

  private ObjectNode json(Resolution resolution) throws IOException {
    Optional<PreparedManifest> manifest = manifest(resolution);
    ObjectNode document = Json.object();
    document.put("stage", resolution.stage());
    document.put("stage_rule", resolution.stageRule());
    document.put("variant", resolution.variant().orElse(null));
    document.put("variant_rule", resolution.variantRule());
    document.put("config", Storage.absolute(resolution.config().file()));
    document.put("config_rule", resolution.configRule());
    document.put("manifest", manifest.map(PreparedManifest::file).orElse(null));
    document.put("manifest_id", manifest.map(PreparedManifest::id).orElse(null));
    document.set("tasks", Json.tree(resolution.config().tasks()));
    document.set("carried", resolution.carried().document());
    return document;
  }

  /** The current manifest, where prepare has made one. */
  private Optional<PreparedManifest> manifest(Resolution resolution) throws IOException {
    String folder = output != null ? output : System.getenv("MIXDOWN_OUTPUT");
    if (folder == null || folder.isBlank()) {
      return Optional.empty();
    }
    String stageFolder = Storage.resolve(folder, resolution.folder());
    Optional<CurrentManifest> current =
        Storage.read(Storage.resolve(stageFolder, CurrentManifest.FILE))
            .flatMap(CurrentManifest::readIfSound);
    String file =
        Storage.absolute(
            Storage.resolve(stageFolder, current.map(CurrentManifest::manifest).orElse("none")));
    if (current.isEmpty() || Storage.stat(file).isEmpty()) {
      err()
          .printf(
              "Note: no manifest of %s is in %s; \"mixdown prepare %s --output %s\" makes it%n",
              resolution.folder(), folder, resolution.arguments(), folder);
      return Optional.empty();
    }
    return Optional.of(new PreparedManifest(current.get().id(), file));
  }

  /** Text that a shell takes as it is. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
