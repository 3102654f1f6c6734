/** The commands on training histories. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.training;
