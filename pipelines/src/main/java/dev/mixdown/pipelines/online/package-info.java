/**
 * The streaming pipeline of {@code online run}. Its own state is a cache: the files are the truth.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.online;
