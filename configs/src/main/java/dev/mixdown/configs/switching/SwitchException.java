package dev.mixdown.configs.switching;

/** A switch that cannot be made as things are; nothing was changed. */
public final class SwitchException extends RuntimeException {
  public SwitchException(String message) {
    super(message);
  }
}
