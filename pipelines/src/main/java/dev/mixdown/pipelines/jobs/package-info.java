/** Jobs, and what they are trained on. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.jobs;
