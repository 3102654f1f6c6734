/**
 * In which order samples come: targets, the block quotas that follow them, and the order inside a
 * block.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.transforms.ordering;
