/** The command that makes a first release repository. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli.init;
