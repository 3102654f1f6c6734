/** Completion of the command line in bash and zsh. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli.completion;
