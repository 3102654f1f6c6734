/** The graph of what was made of what, built from a record store. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.registry.lineage;
