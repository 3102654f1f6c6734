/** Jobs: what their rows say, what they measured, and how their reports add up. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.registry.jobs;
