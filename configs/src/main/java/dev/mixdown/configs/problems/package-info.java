/** What is wrong with a config, where, and what may have been meant. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.configs.problems;
