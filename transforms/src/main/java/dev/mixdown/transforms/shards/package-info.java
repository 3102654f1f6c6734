/**
 * Shards read once: fingerprint, counts, record identities and the shard index, and the ledger that
 * remembers them. No Beam.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.transforms.shards;
