package dev.mixdown.transforms.shards;

import dev.mixdown.transforms.bytes.DataProblem;
import java.io.Serializable;
import java.util.List;

/**
 * A shard that cannot be used.
 *
 * @param key the matched shard's
 * @param problems why; at least one
 */
public record BadShard(String key, List<DataProblem> problems) implements Serializable {}
