/** The Beam transforms: thin steps around the pure code in the packages below. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.transforms;
