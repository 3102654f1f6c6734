/** What a manifest uses of its data, counted. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.stats;
