/** The command that compares. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli.diff;
