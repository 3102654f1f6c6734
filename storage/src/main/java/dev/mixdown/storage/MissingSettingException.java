package dev.mixdown.storage;

/** A store cannot be used because a setting is missing. The message says which. */
public final class MissingSettingException extends StoreException {
  public MissingSettingException(String message) {
    super(message);
  }
}
