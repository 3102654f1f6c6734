/** What arrives in a stream: files that are found and read, and which of their records count. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.arrivals;
