/** Checks a training config, and the data that it is to be used with, by rules with sources. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.recipes.checking;
