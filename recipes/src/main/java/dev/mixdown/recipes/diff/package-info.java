/** What differs between two configs, and how much it matters. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.recipes.diff;
