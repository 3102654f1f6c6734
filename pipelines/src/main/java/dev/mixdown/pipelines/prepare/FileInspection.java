package dev.mixdown.pipelines.prepare;

import dev.mixdown.configs.storage.FileInfo;
import dev.mixdown.configs.storage.Storage;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.prepare.InspectedDataset.InspectedShard;
import dev.mixdown.pipelines.prepare.MatchedDataset.MatchedShard;
import dev.mixdown.transforms.shards.DataProblem;
import dev.mixdown.transforms.shards.InspectionSpec;
import dev.mixdown.transforms.shards.ShardFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Inspects files that no config names. */
public final class FileInspection {
  private final Inspections inspections;

  public FileInspection(String workspace, RunnerSettings runner, Progress progress) {
    inspections = new Inspections(workspace, runner, progress);
  }

  /**
   * Inspects files, globs and folders.
   *
   * @param format the form of their records, where names do not tell
   * @throws DataException with everything that is wrong with any of them
   */
  public List<InspectedShard> inspect(List<String> patterns, Optional<String> format, boolean full)
      throws IOException {
    List<DataProblem> problems = new ArrayList<>();
    List<MatchedShard> shards = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String pattern : patterns) {
      if (!Storage.isSupported(pattern)) {
        problems.add(
            new DataProblem(
                pattern,
                -1,
                -1,
                "is in no store that can be opened: " + Storage.cannotOpen(pattern)));
        continue;
      }
      List<FileInfo> files = Storage.match(pattern);
      if (files.isEmpty()) {
        problems.add(new DataProblem(pattern, -1, -1, "matches no file"));
      }
      for (FileInfo file : files) {
        Optional<ShardFormat> known = ShardFormat.of(file.path(), format);
        if (!seen.add(Storage.absolute(file.path()))) {
          continue;
        }
        if (known.isPresent()) {
          shards.add(new MatchedShard(file, InspectionSpec.of(known.get(), full, false)));
        } else if (files.size() == 1) {
          problems.add(
              new DataProblem(
                  file.path(), -1, -1, "has a name that does not tell its format; say --format"));
        }
      }
    }
    return inspections.shards(shards, problems);
  }
}
