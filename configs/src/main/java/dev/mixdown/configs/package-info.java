/** What a release repository says: its stages, which of them applies, and its dataset configs. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.configs;
