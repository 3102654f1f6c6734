/** The command line. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.command;
