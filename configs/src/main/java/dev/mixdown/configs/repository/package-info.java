/**
 * The release repository as a whole: which config applies, by which rule, and where each value
 * stands.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.configs.repository;
