/**
 * Which records of a stage may be given, and how often each was given before, where that depends on
 * other manifests: the records of all shards, by ranges of their identities, against sets. Pure
 * code; the Beam transforms call it.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.transforms.selection;
