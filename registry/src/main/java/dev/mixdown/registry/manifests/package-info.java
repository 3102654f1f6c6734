/**
 * The documents of a manifest's folder, each with the one class that reads and writes it: {@code
 * manifest.json}, {@code current.json}, {@code load_stats.json} and {@code lineage.json}.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.registry.manifests;
