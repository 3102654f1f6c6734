/** Training histories, and the events and entries that report them. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.training;
