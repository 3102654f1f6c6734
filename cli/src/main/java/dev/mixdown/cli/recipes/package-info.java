/** The commands on recipes. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli.recipes;
