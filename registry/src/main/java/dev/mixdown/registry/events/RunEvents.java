package dev.mixdown.registry.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.mixdown.configs.repository.GitCheckout;
import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * The OpenLineage events of one run: START, then COMPLETE or FAIL. Names and facets are those of
 * the specification; what only mixdown knows (weights, seed, manifest) is a facet of its own,
 * {@code mixdown_mix}, whose schema is {@code registry/schemas/MixRunFacet.schema.json}.
 */
public final class RunEvents {
  /** Where the schema of mixdown's own facet is published. */
  public static final URI MIX_SCHEMA =
      URI.create("https://mixdown.dev/schemas/1-0-0/MixRunFacet.schema.json");

  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .setSerializationInclusion(JsonInclude.Include.NON_NULL)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

  private final EventSettings settings;
  private final URI producer;
  private final OpenLineage facets;
  private final Job job;
  private final UUID run;

  /**
   * What runs.
   *
   * @param name {@code prepare.pretraining}
   * @param type {@code PREPARE}, {@code BACKFILL} or {@code TRAINING}
   * @param code where its code, or config, is kept in git
   */
  public record Job(String name, String type, Optional<GitCheckout.State> code) {}

  /** mixdown's own facet. */
  private static final class MixRunFacet extends OpenLineage.DefaultRunFacet {
    MixRunFacet(URI producer, ObjectNode values) {
      super(producer);
      values.properties().forEach(v -> getAdditionalProperties().put(v.getKey(), v.getValue()));
    }

    @Override
    public URI get_schemaURL() {
      return MIX_SCHEMA;
    }
  }

  /**
   * The events of a run.
   *
   * @param version mixdown's
   */
  public RunEvents(EventSettings settings, Job job, UUID run, String version) {
    this.settings = settings;
    this.producer = URI.create("https://mixdown.dev/releases/" + version);
    this.facets = new OpenLineage(producer);
    this.job = job;
    this.run = run;
  }

  /** The run has begun. */
  public Event start(Instant time) {
    return event(EventType.START, time, runFacets(), List.of(), List.of());
  }

  /**
   * The run is done.
   *
   * @param mix what stands in mixdown's own facet
   */
  public Event complete(
      Instant time, List<EventDataset> inputs, List<EventDataset> outputs, ObjectNode mix) {
    OpenLineage.RunFacetsBuilder run = runFacets();
    if (!mix.isEmpty()) {
      run.put("mixdown_mix", new MixRunFacet(producer, mix));
    }
    return event(EventType.COMPLETE, time, run, inputs, outputs);
  }

  /** The run has failed. */
  public Event fail(Instant time, String message) {
    OpenLineage.RunFacetsBuilder run =
        runFacets().errorMessage(facets.newErrorMessageRunFacet(message, "JAVA", null));
    return event(EventType.FAIL, time, run, List.of(), List.of());
  }

  private OpenLineage.RunFacetsBuilder runFacets() {
    OpenLineage.RunFacetsBuilder run = facets.newRunFacetsBuilder();
    settings
        .parent()
        .ifPresent(
            parent ->
                run.parent(
                    facets.newParentRunFacet(
                        facets.newParentRunFacetRun(parent.run()),
                        facets.newParentRunFacetJob(parent.namespace(), parent.job()),
                        null)));
    return run;
  }

  private Event event(
      EventType type,
      Instant time,
      OpenLineage.RunFacetsBuilder runFacets,
      List<EventDataset> inputs,
      List<EventDataset> outputs) {
    OpenLineage.JobFacetsBuilder jobFacets =
        facets
            .newJobFacetsBuilder()
            .jobType(facets.newJobTypeJobFacet("BATCH", "MIXDOWN", job.type()));
    job.code().flatMap(this::source).ifPresent(jobFacets::sourceCodeLocation);
    OpenLineage.RunEvent event =
        facets
            .newRunEventBuilder()
            .eventTime(time.atZone(ZoneOffset.UTC))
            .eventType(type)
            .run(facets.newRun(run, runFacets.build()))
            .job(facets.newJob(settings.namespace(), job.name(), jobFacets.build()))
            .inputs(inputs.stream().map(this::input).toList())
            .outputs(outputs.stream().map(this::output).toList())
            .build();
    try {
      String name = type.name().toLowerCase(Locale.ROOT);
      return new Event(time, run, name, MAPPER.writeValueAsString(event));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event cannot be written", e);
    }
  }

  private Optional<OpenLineage.SourceCodeLocationJobFacet> source(GitCheckout.State code) {
    return code.url()
        .map(
            url ->
                facets.newSourceCodeLocationJobFacet(
                    "git",
                    url,
                    url.toString(),
                    null,
                    code.commit(),
                    null,
                    code.branch().orElse(null)));
  }

  private OpenLineage.InputDataset input(EventDataset dataset) {
    OpenLineage.InputDatasetInputFacetsBuilder input = facets.newInputDatasetInputFacetsBuilder();
    if (dataset.rows() >= 0) {
      input.inputStatistics(
          facets.newInputStatisticsInputDatasetFacet(
              dataset.rows(), dataset.bytes(), dataset.files()));
    }
    return facets.newInputDataset(
        dataset.namespace(), dataset.name(), facets(dataset), input.build());
  }

  private OpenLineage.OutputDataset output(EventDataset dataset) {
    OpenLineage.OutputDatasetOutputFacetsBuilder output =
        facets.newOutputDatasetOutputFacetsBuilder();
    if (dataset.rows() >= 0) {
      output.outputStatistics(
          facets.newOutputStatisticsOutputDatasetFacet(
              dataset.rows(), dataset.bytes(), dataset.files()));
    }
    return facets.newOutputDataset(
        dataset.namespace(), dataset.name(), facets(dataset), output.build());
  }

  private OpenLineage.DatasetFacets facets(EventDataset dataset) {
    OpenLineage.DatasetFacetsBuilder all =
        facets
            .newDatasetFacetsBuilder()
            .storage(facets.newStorageDatasetFacet(dataset.storage(), dataset.format()));
    if (dataset.version() != null) {
      all.version(facets.newDatasetVersionDatasetFacet(dataset.version()));
    }
    if (!dataset.fields().isEmpty()) {
      all.schema(
          facets.newSchemaDatasetFacet(
              dataset.fields().entrySet().stream()
                  .map(
                      f -> facets.newSchemaDatasetFacetFields(f.getKey(), f.getValue(), null, null))
                  .toList()));
    }
    return all.build();
  }
}
