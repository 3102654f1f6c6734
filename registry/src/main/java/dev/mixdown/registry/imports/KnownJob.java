package dev.mixdown.registry.imports;

/**
 * What the catalog has of a job.
 *
 * @param joined whether its dataset version is known
 */
record KnownJob(String rowSha256, long metricRows, String metricsSha256, boolean joined) {}
