/** The commands that plan, make, explain and check manifests. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli.manifests;
