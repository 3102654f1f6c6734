package dev.mixdown.registry.manifests;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.RunEntry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code lineage.json}: who made a manifest of which dataset versions, when and with what. It says
 * the same as the registry's entry of the run.
 *
 * @param recipe what the stage will be trained by; absent where that was not said
 * @param inputs the versions that were used
 * @param sources the manifests whose samples decided which were given; absent without any
 * @param outputs the manifest
 * @param config where the config lay, with its digest
 * @param code which Mixdown it was
 * @param environment where it ran, by an allow-list
 * @param more keys that this version does not know
 */
public record Lineage(
    Run run,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode recipe,
    List<RunEntry.Input> inputs,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<RunEntry.Source> sources,
    List<RunEntry.Output> outputs,
    @Nullable JsonNode config,
    @Nullable JsonNode code,
    @Nullable JsonNode environment,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> more) {
  /** The name of the file in a manifest's folder. */
  public static final String FILE = "lineage.json";

  /**
   * The run.
   *
   * @param job what it did, as {@code prepare}
   */
  public record Run(
      String id,
      String job,
      String startedAt,
      String endedAt,
      @Nullable String stage,
      @Nullable String variant,
      @Nullable Long epoch) {}

  public Lineage {
    inputs = inputs == null ? List.of() : List.copyOf(inputs);
    sources = sources == null ? List.of() : List.copyOf(sources);
    outputs = outputs == null ? List.of() : List.copyOf(outputs);
    more = more == null ? Map.of() : more;
  }

  /** What a run says of itself. */
  public static Lineage of(RunEntry run) {
    return new Lineage(
        new Run(
            run.id(),
            run.job(),
            run.startedAt(),
            run.endedAt(),
            run.stage(),
            run.variant(),
            run.epoch()),
        run.recipe(),
        run.inputs(),
        run.sources(),
        run.outputs(),
        run.config(),
        run.code(),
        run.environment(),
        Map.of());
  }

  /**
   * Reads a file's content.
   *
   * @throws IOException when it is not such a document
   */
  public static Lineage read(byte[] bytes) throws IOException {
    return DocumentJson.read(bytes, Lineage.class);
  }

  /** The registry's entry of the run, made long after. */
  public RunEntry entry(String endedAt) {
    return new RunEntry(
        run.id(),
        run.job(),
        "COMPLETE",
        "prepared",
        run.startedAt(),
        endedAt,
        run.stage(),
        run.variant(),
        run.epoch(),
        null,
        null,
        recipe,
        inputs,
        sources,
        outputs,
        config,
        code,
        environment,
        true);
  }

  /** Whether it is of a manifest. */
  public boolean isOf(String manifestId) {
    return outputs.stream().anyMatch(output -> output.manifestId().equals(manifestId));
  }

  /** The file's content. */
  public byte[] bytes() {
    return Json.write(DocumentJson.tree(this));
  }
}
