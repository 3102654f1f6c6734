/** A stream that goes on: what arrives is found, read, dealt into an increment, and published. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.online;
