package dev.mixdown.registry.databases;

/**
 * A database cannot be used. What its driver said is in the message; its own exception is not kept,
 * since drivers put addresses with passwords into theirs.
 */
public final class DatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean damaged;

  DatabaseException(String message, boolean damaged) {
    super(message);
    this.damaged = damaged;
  }

  /** Whether the file is there, and is not a database, or not a whole one. */
  public boolean isDamaged() {
    return damaged;
  }
}
