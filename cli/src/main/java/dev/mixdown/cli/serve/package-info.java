/** {@code serve}. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli.serve;
