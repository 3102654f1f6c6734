/** The commands on dataset versions. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli.versions;
