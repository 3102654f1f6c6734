/** Reads shards once: the pipeline, and what it tells of each dataset. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.inspect;
