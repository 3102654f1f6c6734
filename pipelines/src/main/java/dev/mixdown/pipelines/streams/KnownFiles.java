package dev.mixdown.pipelines.streams;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.Increment.Arrival;
import dev.mixdown.registry.streams.Increment.NotTaken;
import dev.mixdown.registry.streams.Increment.Struck;
import dev.mixdown.transforms.index.SealedText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The files that a chain has seen: what is new is what it does not have. */
public final class KnownFiles {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<TreeMap<Long, TreeSet<Long>>> STRIKES =
      new TypeReference<>() {};

  private final Map<String, Known> byPath = new HashMap<>();

  /** By dataset and fingerprint, the paths at which the content was ever seen. */
  private final Map<String, Set<String>> byContent = new HashMap<>();

  /** By batch, the increments that struck single records of it. */
  private final TreeMap<Long, TreeSet<Long>> struck = new TreeMap<>();

  /**
   * An arrival.
   *
   * @param seq the increment that it came in with
   * @param index its place among that increment's arrivals
   */
  public record Came(long seq, int index) {}

  /**
   * A file as the chain has seen it last.
   *
   * @param sha256 null where it could not be read
   * @param tag what the store said of it
   * @param reason why it gave nothing; null where it did
   * @param arrivals all that its path has brought
   * @param contents all fingerprints that were seen there
   */
  public record Known(
      String dataset,
      @Nullable String sha256,
      String tag,
      @Nullable String reason,
      List<Came> arrivals,
      List<String> contents) {}

  /** A line of a snapshot. */
  private record Line(String path, Known known) {}

  /** Goes on by an increment. */
  void apply(Increment increment) {
    for (int i = 0; i < increment.arrivals().size(); i++) {
      Arrival arrival = increment.arrivals().get(i);
      put(
          arrival.uri(),
          arrival.dataset(),
          arrival.sha256(),
          arrival.tag(),
          null,
          List.of(new Came(increment.seq(), i)));
    }
    for (NotTaken file : increment.notTaken()) {
      put(file.uri(), file.dataset(), file.sha256(), file.tag(), file.reason(), List.of());
    }
    for (Struck one : increment.struck()) {
      if (!one.reason().equals(Struck.SURPLUS)) {
        struck.computeIfAbsent(one.batch(), b -> new TreeSet<>()).add(increment.seq());
      }
    }
  }

  private void put(
      String path,
      String dataset,
      @Nullable String sha256,
      String tag,
      @Nullable String reason,
      List<Came> more) {
    Known before = byPath.get(path);
    List<Came> arrivals = new ArrayList<>();
    List<String> contents = new ArrayList<>();
    if (before != null && before.dataset().equals(dataset)) {
      arrivals.addAll(before.arrivals());
      contents.addAll(before.contents());
    }
    arrivals.addAll(more);
    if (sha256 != null && !contents.contains(sha256)) {
      contents.add(sha256);
    }
    put(
        path,
        new Known(dataset, sha256, tag, reason, List.copyOf(arrivals), List.copyOf(contents)));
  }

  private void put(String path, Known known) {
    byPath.put(path, known);
    for (String sha256 : known.contents()) {
      byContent.computeIfAbsent(content(known.dataset(), sha256), c -> new TreeSet<>()).add(path);
    }
  }

  private static String content(String dataset, String sha256) {
    return sha256 + dataset;
  }

  /** A file by its path; empty where the chain has not seen it. */
  public Optional<Known> find(String path) {
    return Optional.ofNullable(byPath.get(path));
  }

  /** The paths at which a content was ever seen, by name. */
  public Set<String> everAt(String dataset, String sha256) {
    return byContent.getOrDefault(content(dataset, sha256), Set.of());
  }

  /** The increments that struck single records of a batch. */
  public Collection<Long> strikes(long batch) {
    return struck.getOrDefault(batch, new TreeSet<>());
  }

  /** The paths at which a content was seen last, by name. */
  public List<String> paths(String dataset, String sha256) {
    return everAt(dataset, sha256).stream()
        .filter(
            path ->
                find(path)
                    .filter(k -> k.dataset().equals(dataset) && sha256.equals(k.sha256()))
                    .isPresent())
        .toList();
  }

  /** How many files there are. */
  public int size() {
    return byPath.size();
  }

  /** A snapshot's file: sealed lines, by path. */
  byte[] bytes() {
    StringBuilder lines = new StringBuilder();
    try {
      lines.append(SealedText.seal(MAPPER.writeValueAsString(struck))).append('\n');
      for (Map.Entry<String, Known> one : new TreeMap<>(byPath).entrySet()) {
        String line = MAPPER.writeValueAsString(new Line(one.getKey(), one.getValue()));
        lines.append(SealedText.seal(line)).append('\n');
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads a snapshot's file.
   *
   * @throws IOException where a line is damaged
   */
  static KnownFiles read(byte[] bytes) throws IOException {
    KnownFiles files = new KnownFiles();
    boolean first = true;
    for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
      String json = SealedText.open(line).orElseThrow(() -> new IOException("a line is damaged"));
      if (first) {
        files.struck.putAll(MAPPER.readValue(json, STRIKES));
        first = false;
        continue;
      }
      Line one = MAPPER.readValue(json, Line.class);
      files.put(one.path(), one.known());
    }
    return files;
  }
}
