/** A stream of increments: who is due at which position, and which record stands there. No Beam. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.transforms.stream;
