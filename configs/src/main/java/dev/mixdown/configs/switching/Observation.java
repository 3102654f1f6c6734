package dev.mixdown.configs.switching;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a trainer reports at a check.
 *
 * @param epoch how many epochs are over, at least 0; empty where only an event is reported
 * @param metrics by name, without the epoch, in the order of the report
 * @param events what happened
 */
public record Observation(
    Optional<Long> epoch, Map<String, BigDecimal> metrics, List<String> events) {}
