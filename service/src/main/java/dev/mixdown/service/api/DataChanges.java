package dev.mixdown.service.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.manifests.ChangedShard;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.http.Request;
import dev.mixdown.service.site.Site;
import java.io.IOException;

/** Whether the data of current manifests is still as it was. */
public final class DataChanges {
  private final Site site;

  public DataChanges(Site site) {
    this.site = site;
  }

  /** {@code GET data-changes}. */
  public Answer list(Request request) throws IOException {
    ObjectNode document = Json.object().put("checked_at", site.clock().instant().toString());
    ArrayNode changes = document.putArray("changes");
    for (ChangedShard changed : ChangedShard.of(site.storage(), site.holdings().manifests())) {
      changes.add(changed.json());
    }
    return Answer.of(document);
  }
}
