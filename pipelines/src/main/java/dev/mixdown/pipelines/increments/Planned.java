package dev.mixdown.pipelines.increments;

import dev.mixdown.registry.streams.Increment;
import dev.mixdown.transforms.stream.PartToWrite;
import java.io.Serializable;
import java.util.List;

/**
 * An increment that is decided, with all its files but the parts.
 *
 * @param increment without parts
 * @param parts that are to be written, by position
 */
public record Planned(Increment increment, List<PartToWrite> parts) implements Serializable {}
