package dev.mixdown.transforms;

import dev.mixdown.transforms.bytes.DataProblem;
import dev.mixdown.transforms.records.Inspection;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a shard that was to be inspected.
 *
 * @param path as it was listed
 * @param spec the digest of what was looked for
 * @param inspection what is in it; null when it cannot be used
 * @param problems why it cannot be used; empty when it can
 */
public record ShardOutcome(
    String path, String spec, @Nullable Inspection inspection, List<DataProblem> problems)
    implements Serializable {}
