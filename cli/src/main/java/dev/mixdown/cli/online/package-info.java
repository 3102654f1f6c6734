/** The commands {@code mixdown online}: a stage whose data keeps arriving. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli.online;
