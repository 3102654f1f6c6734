/**
 * A shard as bytes: scanned for lines, JSON and UTF-8, digested while it is read, and what can be
 * wrong with it.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.transforms.bytes;
