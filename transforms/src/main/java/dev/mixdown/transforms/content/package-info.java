/**
 * What records say, whatever they are written in: the identity of their content, and the files that
 * keep it. Pure code; the Beam transforms call it.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.transforms.content;
