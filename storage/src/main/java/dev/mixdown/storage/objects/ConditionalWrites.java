package dev.mixdown.storage.objects;

import dev.mixdown.storage.FileChangedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes of small objects that hold only if nobody else wrote meanwhile. Stores that know {@code
 * If-Match} and {@code If-None-Match} decide it themselves; whether one does is tried out once.
 * With the others there is a moment between looking and writing in which another's write gets lost.
 */
final class ConditionalWrites {
  /** Lies in folders that something is to be written in; its content means nothing. */
  private static final String PROBE = ".mixdown/probe";

  private static final byte[] CONTENT =
      "Shows whether something can be written here, and whether under conditions.\n"
          .getBytes(StandardCharsets.UTF_8);

  private static final Map<String, String> ABSENT = Map.of("If-None-Match", "*");

  private final Requests requests;
  private final Map<String, Boolean> known = new ConcurrentHashMap<>();

  ConditionalWrites(Requests requests) {
    this.requests = requests;
  }

  /**
   * Writes an object if the version that somebody saw is still there.
   *
   * @param seen empty when there was no object
   * @return whether it was written
   */
  boolean write(ObjectPath path, Optional<String> seen, byte[] bytes) throws IOException {
    boolean conditional = isKnownTo(path);
    try (ObjectDraft draft = new ObjectDraft(requests)) {
      draft.write(bytes);
      draft.put(path, conditional ? condition(seen) : Map.of());
      return true;
    } catch (FileChangedException | FileNotFoundException e) {
      // Somebody wrote it meanwhile, or removed what was to be replaced.
      return false;
    }
  }

  private static Map<String, String> condition(Optional<String> seen) {
    return seen.map(etag -> Map.of("If-Match", etag)).orElse(ABSENT);
  }

  private boolean isKnownTo(ObjectPath path) throws IOException {
    Boolean before = known.get(bucket(path));
    if (before != null) {
      return before;
    }
    int slash = path.key().lastIndexOf('/');
    return isKnownIn(path.withKey(slash < 0 ? "" : path.key().substring(0, slash)));
  }

  /**
   * Whether the store keeps to conditions, tried out in a folder.
   *
   * @throws IOException when nothing can be written there
   */
  boolean isKnownIn(ObjectPath folder) throws IOException {
    boolean now = probe(folder);
    known.put(bucket(folder), now);
    return now;
  }

  private static String bucket(ObjectPath path) {
    return path.scheme() + "://" + path.bucket();
  }

  /** The path of the probe in a folder. */
  static String probe(String folder) {
    ObjectPath path = ObjectPath.of(folder);
    return path.withKey(path.prefix() + PROBE).toString();
  }

  private boolean probe(ObjectPath folder) throws IOException {
    ObjectPath probe = folder.withKey(folder.prefix() + PROBE);
    try {
      // If there was none there is one now, and the second must fail; if there was, both must.
      put(probe, ABSENT);
      return !put(probe, ABSENT) && !put(probe, Map.of("If-Match", "\"of-no-version\""));
    } catch (Requests.UnknownToStoreException e) {
      put(probe, Map.of());
      return false;
    }
  }

  private boolean put(ObjectPath probe, Map<String, String> condition) throws IOException {
    try (ObjectDraft draft = new ObjectDraft(requests)) {
      draft.write(CONTENT);
      draft.put(probe, condition);
      return true;
    } catch (FileChangedException | FileNotFoundException e) {
      return false;
    }
  }
}
