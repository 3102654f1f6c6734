package dev.mixdown.storage.objects;

import dev.mixdown.storage.FileChangedException;
import dev.mixdown.storage.MissingSettingException;
import dev.mixdown.storage.StoreException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.Optional;
import java.util.function.Function;
import javax.xml.stream.XMLStreamException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.S3Client;

/** Makes requests, and explains those that fail, with what to do about it. */
final class Requests {
  private static final int TRIES = 6;

  private final StoreClients clients;

  Requests(StoreClients clients) {
    this.clients = clients;
  }

  /** A store does not know what it is asked for. */
  static final class UnknownToStoreException extends StoreException {
    UnknownToStoreException(String message) {
      super(message);
    }
  }

  /**
   * Makes a request.
   *
   * @throws FileNotFoundException when there is no such object
   * @throws FileChangedException when the object is not the one that the request is made for
   * @throws AccessDeniedException when this process may not
   * @throws StoreException for everything else, after the client has tried for about a minute
   */
  <T> T make(ObjectPath path, Function<S3Client, T> request) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        return request.apply(clients.of(path.scheme()));
      } catch (AwsServiceException e) {
        throw explained(path, e);
      } catch (Exception e) {
        // The client makes a request again when the connection breaks, but not when it breaks in
        // the middle of an answer's text.
        if (tries < TRIES && isCutAnswer(e)) {
          continue;
        }
        Optional<String> missing = missingSetting(path.scheme(), e);
        if (missing.isPresent()) {
          throw new MissingSettingException(path + ": " + missing.get());
        }
        throw new StoreException(path + ": " + explained(path.scheme(), e), e);
      }
    }
  }

  private static boolean isCutAnswer(Throwable e) {
    return e instanceof XMLStreamException || (e.getCause() != null && isCutAnswer(e.getCause()));
  }

  private IOException explained(ObjectPath path, AwsServiceException e) {
    String code =
        e.awsErrorDetails() == null ? "" : String.valueOf(e.awsErrorDetails().errorCode());
    IOException explained =
        switch (e.statusCode()) {
          case 404 ->
              code.equals("NoSuchBucket")
                  ? new StoreException(
                      "%s: there is no bucket \"%s\"%s"
                          .formatted(path, path.bucket(), where(path.scheme())))
                  : new FileNotFoundException(path.toString());
          // 409: somebody else is writing it under a condition just now.
          case 409, 412 -> new FileChangedException(path.toString());
          case 401, 403 ->
              new AccessDeniedException(
                  path.toString(),
                  null,
                  "the store refuses it (%d%s); look at the credentials of this process, and at what they may do"
                      .formatted(e.statusCode(), code.isEmpty() ? "" : " " + code));
          case 501 -> new UnknownToStoreException(path + ": the store cannot do it (501)");
          case 301, 307, 400 ->
              new StoreException(
                  "%s: the store does not accept the request (%d%s); look at the region, and at credentials that may have ended%s"
                      .formatted(
                          path,
                          e.statusCode(),
                          code.isEmpty() ? "" : " " + code,
                          where(path.scheme())));
          default ->
              new StoreException(
                  "%s: the store answers %d%s, again and again%s"
                      .formatted(
                          path,
                          e.statusCode(),
                          code.isEmpty() ? "" : " " + code,
                          where(path.scheme())));
        };
    // As a cause it would hide what is said here.
    explained.addSuppressed(e);
    return explained;
  }

  private static Optional<String> missingSetting(String scheme, Exception e) {
    String message = String.valueOf(e.getMessage());
    if (message.startsWith("OBS_ENDPOINT is not set")) {
      return Optional.of(message);
    }
    if (message.contains("Unable to load credentials")
        || message.contains("rofile file contained")) {
      return Optional.of(
          scheme.equals(StoreSettings.OBS)
              ? "there are no credentials; set OBS_ACCESS_KEY_ID and OBS_SECRET_ACCESS_KEY, or OBS_PROFILE"
              : "there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE");
    }
    return message.contains("Unable to load region")
        ? Optional.of("the region is not known; set AWS_REGION")
        : Optional.empty();
  }

  private String explained(String scheme, Exception e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof SdkClientException && e.getCause() != null) {
      return "no answer%s: %s".formatted(where(scheme), e.getCause().getMessage());
    }
    return message;
  }

  /** Where a store is looked for, for messages. */
  private String where(String scheme) {
    StoreSettings settings = clients.settings(scheme);
    String variable = scheme.equals(StoreSettings.OBS) ? "OBS_ENDPOINT" : "AWS_ENDPOINT_URL_S3";
    return settings
        .endpoint()
        .map(endpoint -> " (at " + endpoint + ", as " + variable + " says)")
        .orElse(" (" + variable + " is not set)");
  }
}
