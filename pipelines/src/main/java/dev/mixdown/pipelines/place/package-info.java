/** Each sample to its position, each part to its file. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.pipelines.place;
