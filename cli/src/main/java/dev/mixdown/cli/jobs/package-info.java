/** The command {@code mixdown jobs}. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli.jobs;
