/** Pictures, as SVG. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.service.pictures;
