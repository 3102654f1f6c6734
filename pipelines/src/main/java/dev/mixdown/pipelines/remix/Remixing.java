package dev.mixdown.pipelines.remix;

import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.inspect.Progress;
import dev.mixdown.pipelines.manifests.CurrentOfStage;
import dev.mixdown.pipelines.prepare.Preparation;
import dev.mixdown.pipelines.prepare.PrepareOutput;
import dev.mixdown.pipelines.prepare.PrepareRequest;
import dev.mixdown.pipelines.prepare.Prepared;
import dev.mixdown.pipelines.uses.UsedManifest;
import dev.mixdown.registry.manifests.Remix;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Goes on from a manifest with another mix: prepares the new manifest beside it, proves that
 * nothing is lost and nothing repeated, writes the proof, and only then makes the manifest current,
 * where that is asked for. A run that is killed anywhere can be run again.
 */
public final class Remixing {
  private final PrepareRequest request;
  private final Storage storage;
  private final Progress progress;
  private final Preparation preparation;

  /**
   * @param request with the change
   */
  public Remixing(PrepareRequest request, Progress progress) {
    this.request = request;
    this.storage = request.repository().storage();
    this.progress = progress;
    this.preparation = new Preparation(request, progress);
  }

  /** What came of it. */
  public record Remixed(Prepared prepared, Remix proof) {}

  /**
   * Remixes.
   *
   * @param output where the manifest goes, and whether it becomes current
   */
  public Remixed remix(PrepareOutput output) throws IOException {
    Prepared prepared = preparation.prepare(output.keepingCurrent());
    UsedManifest manifest =
        UsedManifest.of(storage, ManifestFolder.at(storage, prepared.folder()).orElseThrow());
    Remix proof =
        new RemixProof(request.workspace(), request.runner(), progress)
            .of(manifest, prepared.plan().rules().continued());
    String file = StoragePath.resolve(prepared.folder(), Remix.FILE);
    Optional<byte[]> before = storage.read(file);
    if (before.isEmpty() || !Arrays.equals(before.get(), proof.bytes())) {
      storage.write(file, proof.bytes());
    }
    if (output.current()) {
      new CurrentOfStage(storage, StoragePath.folder(prepared.folder())).switchTo(manifest.id());
    }
    return new Remixed(prepared, proof);
  }

  /** The process is being ended from outside; see {@link Preparation#interrupted}. */
  public boolean interrupted() throws IOException {
    return preparation.interrupted();
  }
}
