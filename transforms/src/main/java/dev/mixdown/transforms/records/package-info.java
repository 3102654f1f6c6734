/**
 * What is made of each record while a shard is read: identity, stratum, value, place; and the
 * inspection that sums it up.
 */
@org.jspecify.annotations.NullMarked
package dev.mixdown.transforms.records;
