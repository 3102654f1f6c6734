/**
 * Which record goes to which position: the layout of a manifest, and the three steps over shard
 * indexes (histogram, scatter, gather) that fill it. Pure code; the Beam transforms call it.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.transforms.placing;
