/** The command {@code mixdown experience}. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli.experience;
