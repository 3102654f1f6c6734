/**
 * Measures mixdown beside what one would use instead, in one run, and prints tables of ratios.
 *
 * <p>Whole runs are processes of their own; what is measured inside this one has run before.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.benchmarks;
