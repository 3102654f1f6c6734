package dev.mixdown.service.http;

/** What answers one operation. */
public interface Handler {
  /** Answers a request that {@code openapi.yaml} allows. */
  Answer answer(Request request) throws Exception;
}
