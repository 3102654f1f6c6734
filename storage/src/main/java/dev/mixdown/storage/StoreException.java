package dev.mixdown.storage;

import java.io.IOException;

/** A store does not do what it is asked. The message says which, why, and what to do about it. */
public class StoreException extends IOException {
  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
