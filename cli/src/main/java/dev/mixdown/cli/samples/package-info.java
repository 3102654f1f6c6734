/** Commands about samples across manifests: what a model has seen, and what it should not have. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli.samples;
