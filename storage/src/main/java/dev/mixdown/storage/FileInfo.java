package dev.mixdown.storage;

import java.io.Serializable;

/**
 * What the file system says of a file without reading it.
 *
 * @param path as it was asked for
 * @param bytes its size
 * @param modifiedMillis when its content was last written, by its own account
 * @param changedMillis when anything of it last changed: the latest time the store knows
 * @param tag differs whenever the file was replaced or changed, as far as the store can tell: inode
 *     and times of a local file, the ETag of an object
 */
public record FileInfo(String path, long bytes, long modifiedMillis, long changedMillis, String tag)
    implements Serializable {}
