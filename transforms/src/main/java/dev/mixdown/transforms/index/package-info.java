/** The shard index, and the seals by which damage to files of the workspace is noticed. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.transforms.index;
