/** The files of this machine, and of what it mounts. */
@org.jspecify.annotations.NullMarked
package dev.mixdown.storage.local;
