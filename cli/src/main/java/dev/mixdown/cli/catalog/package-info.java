/** The command {@code mixdown catalog}. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli.catalog;
