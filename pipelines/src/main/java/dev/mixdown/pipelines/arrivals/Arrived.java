package dev.mixdown.pipelines.arrivals;

import dev.mixdown.pipelines.inspect.InspectedHeldOut;
import dev.mixdown.registry.streams.Increment.NotTaken;
import dev.mixdown.transforms.shards.InspectedShard;
import java.util.List;

/**
 * What is known of files that the chain does not have.
 *
 * @param inspected those that can be used
 * @param rejected those that cannot
 * @param heldOut the data that must not be trained on, where something arrived
 * @param young how many may still be written to
 * @param problems what is wrong with those that cannot be used, for people
 */
public record Arrived(
    List<InspectedShard> inspected,
    List<NotTaken> rejected,
    List<InspectedHeldOut> heldOut,
    int young,
    List<String> problems) {}
