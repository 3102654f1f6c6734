/** The graph of what was made of what, built from a registry. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.registry.lineage;
