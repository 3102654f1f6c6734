/** What is set, and where it comes from. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli.settings;
