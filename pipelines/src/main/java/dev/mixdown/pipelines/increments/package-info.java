/** From what has arrived to the next increment: planned, written, published, and checked. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.increments;
