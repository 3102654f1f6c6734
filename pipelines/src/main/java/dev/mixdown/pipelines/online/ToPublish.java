package dev.mixdown.pipelines.online;

import dev.mixdown.pipelines.increments.Planned;
import dev.mixdown.registry.streams.Increment.Part;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * An increment without its parts, or one of them.
 *
 * @param planned null for a part
 * @param parts how many parts there are; 0 for a part
 * @param part null for the increment
 */
record ToPublish(long seq, String id, @Nullable Planned planned, int parts, @Nullable Part part)
    implements Serializable {}
