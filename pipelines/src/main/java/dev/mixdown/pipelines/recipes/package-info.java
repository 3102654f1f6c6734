/** Recipes where they lie, registered and held against data. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.recipes;
