/** A stream's files: its chain of increments, added up, and who reads it. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.streams;
