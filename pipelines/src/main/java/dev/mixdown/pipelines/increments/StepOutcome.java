package dev.mixdown.pipelines.increments;

import dev.mixdown.registry.streams.LastLook;
import java.util.List;
import java.util.Optional;

/**
 * What came of a step.
 *
 * @param planned the next increment; empty where there is none
 * @param look what was seen that the chain does not have, and why there is no increment
 * @param notes what a user may want to know
 */
public record StepOutcome(Optional<Planned> planned, LastLook look, List<String> notes) {}
