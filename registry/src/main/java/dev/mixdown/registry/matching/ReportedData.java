package dev.mixdown.registry.matching;

import java.time.Instant;
import java.util.Optional;

/**
 * What a training of the past says of its data.
 *
 * @param hash a version's hash
 * @param path where the data lay
 * @param name what the dataset was called
 * @param began when the training began
 */
public record ReportedData(
    Optional<String> hash, Optional<String> path, Optional<String> name, Optional<Instant> began) {}
