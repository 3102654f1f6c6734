package dev.mixdown.pipelines.inspect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.datasets.DatasetEntry.CsvOptions;
import dev.mixdown.configs.problems.Note;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.match.ShardFiles;
import dev.mixdown.recipes.DataRequirements;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Reach;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.records.InspectionSpec;
import dev.mixdown.transforms.records.RecordFilter;
import dev.mixdown.transforms.records.ShardFormat;
import dev.mixdown.transforms.shards.InspectedShard;
import dev.mixdown.transforms.shards.MatchedShard;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Inspects files that no config names. */
public final class FileInspection {
  private final Storage storage;
  private final Reach reach;
  private final Inspections inspections;

  public FileInspection(Workspace workspace, RunnerSettings runner, Progress progress) {
    storage = workspace.storage();
    reach = Reach.patient(storage);
    inspections = new Inspections(workspace, runner, progress, "inspect");
  }

  /**
   * What is in files.
   *
   * @param shards in the order in which they were asked for
   * @param notes what was left out
   */
  public record Inspected(List<InspectedShard> shards, List<Note> notes) {
    /** The document that {@code inspect --json} prints. */
    public ObjectNode json() {
      ObjectNode document = Json.object();
      ArrayNode files = document.putArray("files");
      for (InspectedShard shard : shards) {
        files
            .addObject()
            .put("path", shard.file().path())
            .put("sha256", shard.inspection().sha256())
            .put("format", shard.spec().format().toString())
            .put("records", shard.inspection().records())
            .put("bytes", shard.inspection().bytes());
      }
      document.set("notes", Json.tree(notes));
      return document;
    }
  }

  /** Inspects files, of whose records nothing is required. */
  public Inspected inspect(
      List<String> paths, Optional<String> format, CsvOptions csv, boolean full)
      throws IOException {
    return inspect(paths, format, csv, full, Optional.empty());
  }

  /**
   * Inspects files, globs and folders.
   *
   * @param format the form of their records, where names do not tell
   * @param csv how CSV is written
   * @param requirements what is to be found out of records because a recipe requires it
   * @throws DataException with everything that is wrong with any of them
   */
  public Inspected inspect(
      List<String> paths,
      Optional<String> format,
      CsvOptions csv,
      boolean full,
      Optional<DataRequirements> requirements)
      throws IOException {
    List<DataProblem> problems = new ArrayList<>();
    List<Note> notes = new ArrayList<>();
    List<MatchedShard> shards = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String path : paths) {
      ShardFiles files = ShardFiles.of(reach, "", path, format, "--data-format");
      problems.addAll(files.problems());
      files.notes().forEach(note -> notes.add(new Note(path, null, null, note)));
      for (ShardFiles.Shard shard : files.shards()) {
        if (seen.add(StoragePath.absolute(shard.file().path()))) {
          InspectionSpec spec = InspectionSpec.of(shard.format(), csv, full, false);
          shards.add(
              new MatchedShard("", shard.file(), requirements.map(spec::requiring).orElse(spec)));
        }
      }
    }
    Inspections.Outcome outcome = inspections.inspect(shards);
    problems.addAll(outcome.problems());
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    notes.addAll(0, outcome.notes());
    return new Inspected(
        shards.stream().map(shard -> outcome.good().get(shard.key())).toList(), notes);
  }

  /**
   * Finds out of a manifest's shards what a recipe requires.
   *
   * @throws DataException when one is not there, or is another than it was
   */
  public List<InspectedShard> inspect(Manifest manifest, DataRequirements requirements)
      throws IOException {
    List<DataProblem> problems = new ArrayList<>();
    List<MatchedShard> shards = new ArrayList<>();
    Map<String, String> fingerprints = new HashMap<>();
    for (Manifest.Shard shard : manifest.shards()) {
      Optional<FileInfo> file = storage.stat(shard.uri());
      Optional<ShardFormat> format = ShardFormat.of(shard.format());
      if (file.isEmpty() || format.isEmpty()) {
        problems.add(DataProblem.of(shard.uri(), "is not there any more"));
        continue;
      }
      MatchedShard matched =
          new MatchedShard(
              shard.dataset(),
              file.get(),
              new InspectionSpec(
                      format.get(),
                      manifest.spec().csv(shard.dataset()),
                      true,
                      shard.rejected() > 0,
                      null,
                      null,
                      null,
                      null,
                      RecordFilter.of(manifest.spec().filtering()))
                  .requiring(requirements));
      shards.add(matched);
      fingerprints.put(matched.key(), shard.sha256());
    }
    Inspections.Outcome outcome = inspections.inspect(shards);
    problems.addAll(outcome.problems());
    List<InspectedShard> found = new ArrayList<>();
    for (MatchedShard shard : shards) {
      InspectedShard inspected = outcome.good().get(shard.key());
      if (inspected != null) {
        found.add(inspected);
        if (!inspected.inspection().sha256().equals(fingerprints.get(shard.key()))) {
          problems.add(
              DataProblem.of(
                  shard.file().path(),
                  "has changed since the manifest was prepared; prepare it again"));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    return found;
  }
}
