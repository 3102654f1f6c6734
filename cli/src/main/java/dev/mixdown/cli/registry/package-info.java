/** The commands on the record store as a whole. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli.registry;
