/** The command line: {@link dev.mixdown.cli.Mixdown} starts it. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli;
