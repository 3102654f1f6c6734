/** What a stage's config says of samples that others gave: the key {@code samples}. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.configs.samples;
