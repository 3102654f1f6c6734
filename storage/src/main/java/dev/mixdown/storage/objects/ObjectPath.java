package dev.mixdown.storage.objects;

import java.util.Locale;

/**
 * An object's place. Keys are taken as they are written: nothing in them is an escape.
 *
 * @param scheme which kind of store
 * @param key empty for the bucket itself; one that ends in {@code /} is a folder
 */
record ObjectPath(String scheme, String bucket, String key) {

  /** Reads {@code scheme://bucket/key}. */
  static ObjectPath of(String path) {
    int root = path.indexOf("://");
    int bucket = root + 3;
    int slash = path.indexOf('/', bucket);
    String scheme = path.substring(0, root).toLowerCase(Locale.ROOT);
    return slash < 0
        ? new ObjectPath(scheme, path.substring(bucket), "")
        : new ObjectPath(scheme, path.substring(bucket, slash), path.substring(slash + 1));
  }

  /** What the keys of everything in this folder begin with. */
  String prefix() {
    return key.isEmpty() || key.endsWith("/") ? key : key + "/";
  }

  ObjectPath withKey(String other) {
    return new ObjectPath(scheme, bucket, other);
  }

  @Override
  public String toString() {
    return scheme + "://" + bucket + "/" + key;
  }
}
