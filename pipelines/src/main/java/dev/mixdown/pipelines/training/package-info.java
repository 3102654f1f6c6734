/** Training histories, and who is told of them. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.training;
