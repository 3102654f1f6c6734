/**
 * The arithmetic of a mix: shares, quotas, targets, block quotas, ranks and orders. Exact integers
 * and rationals; no files, no Beam.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.transforms.mixing;
