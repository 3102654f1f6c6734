/** How commands print: tables, progress, failures and their exit codes, one base for all. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli.output;
