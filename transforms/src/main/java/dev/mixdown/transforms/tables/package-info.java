/** Tables of rows as files that other tools read. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.transforms.tables;
