/** {@code mixdown stage}: which stage is active, when to switch, and configs from templates. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.cli.stages;
