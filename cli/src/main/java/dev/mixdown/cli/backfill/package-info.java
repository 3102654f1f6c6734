/** The command {@code mixdown backfill}. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli.backfill;
