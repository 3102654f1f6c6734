package dev.mixdown.registry;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A call to the service that was to write something: who asked for what, and what came of it.
 *
 * @param id when it came, and a random number
 * @param caller the name of the token; {@code local} where the service asks for none
 * @param operation as the service's OpenAPI document names it
 * @param method of HTTP
 * @param path with the query
 * @param request what it said; secrets are masked
 * @param status of the answer
 * @param outcome what was wrong; null where nothing was
 * @param calledAt when
 */
public record CallEntry(
    String id,
    String caller,
    String operation,
    String method,
    String path,
    @Nullable JsonNode request,
    int status,
    @Nullable String outcome,
    String calledAt)
    implements RegistryEntry {
  @Override
  public EntryKind<CallEntry> entryKind() {
    return EntryKind.CALL;
  }

  @Override
  public CallEntry summary() {
    return new CallEntry(id, caller, operation, method, path, null, status, outcome, calledAt);
  }
}
