package dev.mixdown.pipelines.uses;

import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.RunnerSettings;
import dev.mixdown.pipelines.inspect.ParallelWork;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.registry.manifests.Uses;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.identities.SetDigest;
import dev.mixdown.transforms.shards.Workspace;
import dev.mixdown.transforms.uses.UsesOfRows;
import dev.mixdown.transforms.uses.WrittenPart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes what a manifest uses again from its parts: {@code uses.json} and the runs beside it, with
 * the bytes that publication gives them. Manifests of earlier versions have none.
 */
public final class UsesRebuild {
  private final Workspace workspace;
  private final RunnerSettings runner;

  public UsesRebuild(Workspace workspace, RunnerSettings runner) {
    this.workspace = workspace;
    this.runner = runner;
  }

  /** What became of a manifest's uses. */
  public enum Outcome {
    /** There were none, or others. */
    WRITTEN,
    /** They are as they were. */
    UNCHANGED
  }

  /** Makes the uses of a manifest again. */
  public Outcome rebuild(ManifestFolder manifest) throws IOException {
    Storage storage = workspace.storage();
    String file = StoragePath.resolve(manifest.path(), Uses.FILE);
    Optional<byte[]> before = storage.read(file);
    Optional<Uses> old = before.flatMap(UsesRebuild::readIfSound);
    List<WrittenPart> parts = parts(manifest);
    String here = manifest.path();
    storage.removeAbandonedDrafts(StoragePath.resolve(here, Uses.FOLDER));
    byte[] now = uses(manifest.manifest(), parts, old).bytes();
    if (before.isPresent() && Arrays.equals(before.get(), now)) {
      return Outcome.UNCHANGED;
    }
    storage.write(file, now);
    return Outcome.WRITTEN;
  }

  private static Optional<Uses> readIfSound(byte[] bytes) {
    try {
      return Optional.of(Uses.read(bytes));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private List<WrittenPart> parts(ManifestFolder manifest) throws IOException {
    String folder = manifest.path();
    List<List<String>> strata = UsesOfRows.strata(manifest.manifest());
    return new ParallelWork(workspace, runner)
            .results(
                "rebuild-uses",
                manifest.manifest().parts(),
                WrittenPart.class,
                written -> written.part().path(),
                (Storage storage, Manifest.Part part) ->
                    UsesOfRows.write(storage, folder, part, strata))
            .stream()
            .sorted(Comparator.comparingLong(written -> written.part().firstPosition()))
            .toList();
  }

  /**
   * The document.
   *
   * @param before what publication said: rows do not tell the ranks of a pass
   */
  private static Uses uses(Manifest manifest, List<WrittenPart> parts, Optional<Uses> before) {
    List<List<String>> names = UsesOfRows.strata(manifest);
    long[] samples = new long[names.size()];
    SetDigest[] digests = new SetDigest[names.size()];
    Arrays.fill(digests, SetDigest.NONE);
    for (WrittenPart part : parts) {
      for (Uses.PartStratum its : part.uses().strata()) {
        samples[its.stratum()] += its.samples();
        digests[its.stratum()] = digests[its.stratum()].plus(SetDigest.of(its.digest()));
      }
    }
    List<Uses.Stratum> strata = new ArrayList<>();
    for (int s = 0; s < names.size(); s++) {
      String dataset = names.get(s).get(0);
      String category = names.get(s).get(1);
      strata.add(
          new Uses.Stratum(
              dataset,
              category,
              version(manifest, dataset),
              records(manifest, dataset, category),
              samples[s],
              passes(manifest, before, dataset, category),
              digests[s].toString()));
    }
    return new Uses(
        Uses.SCHEMA_VERSION,
        manifest.id(),
        manifest.spec().identityField(),
        strata,
        parts.stream().map(WrittenPart::uses).toList(),
        Map.of());
  }

  private static String version(Manifest manifest, String dataset) {
    return manifest.datasets().stream()
        .filter(d -> d.name().equals(dataset))
        .map(Manifest.Dataset::version)
        .findFirst()
        .orElse("");
  }

  private static long records(Manifest manifest, String dataset, String category) {
    return manifest.strata().stream()
        .filter(s -> s.dataset().equals(dataset) && s.category().equals(category))
        .mapToLong(Manifest.Stratum::records)
        .sum();
  }

  /**
   * Which records are used, pass by pass. What publication said is kept; a manifest from before
   * there were uses continues no other, so its strata begin with the first record.
   */
  private static List<Uses.Pass> passes(
      Manifest manifest, Optional<Uses> before, String dataset, String category) {
    Optional<List<Uses.Pass>> said =
        before.flatMap(
            uses ->
                uses.strata().stream()
                    .filter(s -> s.dataset().equals(dataset) && s.category().equals(category))
                    .map(Uses.Stratum::passes)
                    .filter(passes -> !passes.isEmpty())
                    .findFirst());
    return said.orElseGet(
        () ->
            manifest.strata().stream()
                .filter(s -> s.dataset().equals(dataset) && s.category().equals(category))
                .filter(s -> s.quota() > 0)
                .flatMap(s -> fromTheFirst(s).stream())
                .toList());
  }

  private static List<Uses.Pass> fromTheFirst(Manifest.Stratum stratum) {
    List<Uses.Pass> passes = new ArrayList<>();
    for (long left = stratum.quota(); left > 0; left -= stratum.records()) {
      long to = Math.min(left, stratum.records());
      passes.add(new Uses.Pass(stratum.difficulty(), passes.size(), 0, to, stratum.records()));
    }
    return passes;
  }
}
