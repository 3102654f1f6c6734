/** What is told of jobs as they happen. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.registry.recording;
