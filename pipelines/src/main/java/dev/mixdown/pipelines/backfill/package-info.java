/**
 * The backfill pipeline: lineage of the years before mixdown, from the files that are left of them.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.backfill;
