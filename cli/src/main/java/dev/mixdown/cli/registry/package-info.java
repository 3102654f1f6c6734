/** The commands on the registry as a whole. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli.registry;
