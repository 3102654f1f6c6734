/** Training recipes: what they are, where they come from, and how one extends another. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.recipes;
