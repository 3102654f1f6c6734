/** What all commands share: tables, progress, failures and their exit codes. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.terminal;
