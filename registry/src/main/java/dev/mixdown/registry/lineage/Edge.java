package dev.mixdown.registry.lineage;

/**
 * One thing went into another.
 *
 * @param note how that is known where it had to be found out; else empty
 */
public record Edge(Node from, Node to, String note) {}
