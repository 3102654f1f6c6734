/** The commands on lineage. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli.lineage;
