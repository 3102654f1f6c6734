package dev.mixdown.pipelines.arrivals;

import dev.mixdown.storage.Storage;
import dev.mixdown.transforms.identities.UnsignedSort;
import dev.mixdown.transforms.index.IndexReader;
import java.io.IOException;
import java.util.Arrays;

/** Identities, and the order in which they were added: after sorting, equal ones keep it. */
public final class SortedIds {
  private long[] ids = new long[1 << 10];
  private int[] order = new int[0];
  private int size;
  private int next;

  public void add(long id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, Math.addExact(size, size));
    }
    ids[size++] = id;
  }

  /** Adds the records that an arrival's index does not leave out. */
  void addIndex(Storage storage, String path) throws IOException {
    try (IndexReader index = new IndexReader(storage, path)) {
      while (index.next()) {
        for (int i = 0; i < index.size(); i++) {
          if (index.group(i) != IndexReader.LEFT_OUT) {
            add(index.identity(i));
          }
        }
      }
    }
  }

  public void sort() {
    order = new int[size];
    Arrays.setAll(order, i -> i);
    new UnsignedSort().sort(ids, order, size);
  }

  public int size() {
    return size;
  }

  public long id(int i) {
    return ids[i];
  }

  /** As how many-th the identity at a place was added, from 0. */
  public int added(int i) {
    return order[i];
  }

  /**
   * Skips what is smaller, and tells how many there are of an identity; each call asks for a larger
   * one. They begin at {@link #first}.
   */
  public int count(long id) {
    while (next < size && Long.compareUnsigned(ids[next], id) < 0) {
      next++;
    }
    int end = next;
    while (end < size && ids[end] == id) {
      end++;
    }
    return end - next;
  }

  /** Where the identity that was asked for begins. */
  public int first() {
    return next;
  }

  /** The identities. */
  public long[] toArray() {
    return Arrays.copyOf(ids, size);
  }
}
