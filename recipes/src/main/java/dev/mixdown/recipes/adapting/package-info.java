/** Fits a recipe to a model and a number of GPUs, and says why each value is as it is. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.recipes.adapting;
