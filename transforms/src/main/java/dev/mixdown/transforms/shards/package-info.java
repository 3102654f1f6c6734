/** Shards read once, and the ledger that remembers what was found. No Beam. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.transforms.shards;
