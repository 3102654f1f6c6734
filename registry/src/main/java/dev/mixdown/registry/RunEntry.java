package dev.mixdown.registry;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process that made something of dataset versions: what it used, and not what is newest.
 *
 * @param id a UUID
 * @param job what it did, as {@code prepare}
 * @param state {@code COMPLETE} or {@code FAIL}, as OpenLineage has it
 * @param outcome of a prepare: {@code prepared}, {@code renewed}, {@code rebased}, {@code
 *     switched}, {@code unchanged}
 * @param error why it failed
 * @param baseModel the checkpoint that the stage will be trained from, where that was said
 * @param recipe what the stage will be trained by, where that was said: id, version and SHA-256
 * @param inputs the versions that it used
 * @param sources the manifests whose samples decided which were given; absent without any
 * @param outputs what it made
 * @param config where its config lay, with its digest; empty in a {@link #summary}
 * @param code which mixdown it was; empty in a {@link #summary}
 * @param environment where it ran, by an allow-list; empty in a {@link #summary}
 * @param backfilled whether it was made from a manifest that was found long after
 */
public record RunEntry(
    String id,
    String job,
    String state,
    @Nullable String outcome,
    String startedAt,
    String endedAt,
    @Nullable String stage,
    @Nullable String variant,
    @Nullable Long epoch,
    @Nullable String error,
    @Nullable String baseModel,
    @Nullable JsonNode recipe,
    List<Input> inputs,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Source> sources,
    List<Output> outputs,
    @Nullable JsonNode config,
    @Nullable JsonNode code,
    @Nullable JsonNode environment,
    boolean backfilled)
    implements RegistryEntry {

  /** A run that depends on no samples that others gave. */
  public RunEntry(
      String id,
      String job,
      String state,
      @Nullable String outcome,
      String startedAt,
      String endedAt,
      @Nullable String stage,
      @Nullable String variant,
      @Nullable Long epoch,
      @Nullable String error,
      @Nullable String baseModel,
      @Nullable JsonNode recipe,
      List<Input> inputs,
      List<Output> outputs,
      @Nullable JsonNode config,
      @Nullable JsonNode code,
      @Nullable JsonNode environment,
      boolean backfilled) {
    this(
        id,
        job,
        state,
        outcome,
        startedAt,
        endedAt,
        stage,
        variant,
        epoch,
        error,
        baseModel,
        recipe,
        inputs,
        List.of(),
        outputs,
        config,
        code,
        environment,
        backfilled);
  }

  /**
   * A manifest whose samples decided which were given.
   *
   * @param as the rule: {@code continue}, {@code exclude} or {@code replay}
   * @param consumed how many of its samples count; absent for all
   */
  public record Source(
      String manifestId,
      String as,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long consumed) {}

  /**
   * A dataset version that a run used.
   *
   * @param version its content hash
   */
  public record Input(
      String dataset, String version, long records, long bytes, @Nullable List<String> uris) {}

  /**
   * A manifest that a run made, or found made.
   *
   * @param samples how many it has
   */
  public record Output(
      String manifestId, String uri, @JsonAlias("total") long samples, long seed) {}

  public RunEntry {
    inputs = inputs == null ? List.of() : List.copyOf(inputs);
    sources = sources == null ? List.of() : List.copyOf(sources);
    outputs = outputs == null ? List.of() : List.copyOf(outputs);
  }

  @Override
  public EntryKind<RunEntry> entryKind() {
    return EntryKind.RUN;
  }

  @Override
  public RunEntry summary() {
    return new RunEntry(
        id,
        job,
        state,
        outcome,
        startedAt,
        endedAt,
        stage,
        variant,
        epoch,
        error,
        baseModel,
        recipe,
        inputs.stream()
            .map(i -> new Input(i.dataset(), i.version(), i.records(), i.bytes(), null))
            .toList(),
        sources,
        outputs,
        null,
        null,
        null,
        backfilled);
  }
}
