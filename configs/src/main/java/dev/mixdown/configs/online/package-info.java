/** What a stage whose data keeps arriving asks for: {@code online} of {@code meta.stage_config}. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.configs.online;
