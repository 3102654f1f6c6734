package dev.mixdown.pipelines.online;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.pipelines.streams.Chain;
import dev.mixdown.pipelines.streams.OnlineRequest;
import dev.mixdown.pipelines.streams.OnlineStage;
import dev.mixdown.pipelines.streams.StreamFolder;
import dev.mixdown.registry.streams.StreamDocument;
import java.io.IOException;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a worker of a running stream keeps at hand: the config as it was last good, and the chain as
 * far as it was read. Both are read again when they are gone.
 */
final class StreamWorker implements Serializable {
  private static final long serialVersionUID = 1;

  private final OnlineRequest request;
  private final StreamFolder folder;
  private final StreamDocument document;
  private transient @Nullable OnlineStage stage;
  private transient @Nullable Chain chain;
  private transient @Nullable String configProblem;

  /**
   * @param request with the stream's own workspace
   */
  StreamWorker(OnlineRequest request, StreamFolder folder, StreamDocument document) {
    this.request = request;
    this.folder = folder;
    this.document = document;
  }

  OnlineRequest request() {
    return request;
  }

  StreamFolder folder() {
    return folder;
  }

  /** The chain as it is now. */
  Chain chain() throws IOException {
    Chain known = chain;
    if (known == null) {
      known = Chain.open(folder, document);
      chain = known;
    } else {
      known.refresh();
    }
    return known;
  }

  /** The config as it is now; as it was when it was last good, where it cannot be used now. */
  OnlineStage stage() throws IOException {
    OnlineStage before = stage;
    try {
      OnlineStage now = OnlineStage.of(request.repository(), request.choice());
      now.refuseChanges(folder, document);
      stage = now;
      configProblem = null;
      return now;
    } catch (ConfigException e) {
      if (before == null) {
        throw e;
      }
      configProblem = String.valueOf(e.getMessage());
      return before;
    }
  }

  /** Why the config that was read last cannot be used; null where it can. */
  @Nullable String configProblem() {
    return configProblem;
  }
}
