/** Files by path: read, listed, and written so that a reader sees a whole file or none. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.storage;
