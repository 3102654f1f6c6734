/** New dataset configs from existing ones and from templates. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.configs.templates;
