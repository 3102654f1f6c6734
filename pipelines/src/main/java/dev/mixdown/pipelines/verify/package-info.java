/** Holds a published manifest against what it says of itself. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.verify;
