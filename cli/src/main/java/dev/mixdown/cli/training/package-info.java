/** The commands on training histories. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli.training;
