package dev.mixdown.transforms.identities;

import java.io.Serializable;

/**
 * A file of runs, and what its groups are to somebody who reads it.
 *
 * @param numbers by group of the file, the reader's own number for it; -1 for a group that does not
 *     matter
 */
public record RunsOf(String path, int[] numbers) implements Serializable {}
