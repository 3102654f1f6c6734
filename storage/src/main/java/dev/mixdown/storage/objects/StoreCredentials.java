package dev.mixdown.storage.objects;

import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Who this process is for the stores. Each process, and each worker of a cluster, looks it up for
 * itself, in its environment or in the profiles of its user; it goes nowhere from here. That is why
 * this class alone reads the environment.
 */
final class StoreCredentials {
  private StoreCredentials() {}

  static AwsCredentialsProvider of(String scheme) {
    return scheme.equals(StoreSettings.OBS) ? obs() : amazon();
  }

  private static AwsCredentialsProvider amazon() {
    return variable("AWS_PROFILE")
        .<AwsCredentialsProvider>map(ProfileCredentialsProvider::create)
        .orElseGet(DefaultCredentialsProvider::create);
  }

  private static AwsCredentialsProvider obs() {
    return variable("OBS_PROFILE")
        .<AwsCredentialsProvider>map(ProfileCredentialsProvider::create)
        .orElse(
            () -> {
              Optional<String> key = variable("OBS_ACCESS_KEY_ID");
              Optional<String> secret = variable("OBS_SECRET_ACCESS_KEY");
              if (key.isEmpty() || secret.isEmpty()) {
                throw SdkClientException.create(
                    "Unable to load credentials: OBS_ACCESS_KEY_ID and OBS_SECRET_ACCESS_KEY are"
                        + " not set");
              }
              return variable("OBS_SECURITY_TOKEN")
                  .<AwsCredentials>map(
                      token -> AwsSessionCredentials.create(key.get(), secret.get(), token))
                  .orElse(AwsBasicCredentials.create(key.get(), secret.get()));
            });
  }

  private static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
  }
}
