package dev.mixdown.storage.objects;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.io.aws2.common.ClientBuilderFactory;
import org.apache.beam.sdk.io.aws2.common.ClientConfiguration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.core.retry.RetryPolicy;
import software.amazon.awssdk.core.retry.RetryPolicyContext;
import software.amazon.awssdk.core.retry.backoff.FullJitterBackoffStrategy;
import software.amazon.awssdk.core.retry.conditions.OrRetryCondition;
import software.amazon.awssdk.core.retry.conditions.RetryCondition;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * The clients that speak to stores, one a scheme. Beam's own file systems are given the same ones
 * ({@link StoreFileSystems}), so that a path means the same everywhere.
 *
 * <p>Credentials are looked up by each process for itself, in its environment or in the profiles of
 * its user, and go nowhere from here.
 */
final class StoreClients {
  /** A server that restarts is waited for, about a minute. */
  private static final int RETRIES = 12;

  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

  /** A connection that brings nothing for so long is given up, and the request made again. */
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private static final int CONNECTIONS =
      Math.max(64, 4 * Runtime.getRuntime().availableProcessors());

  private static final Map<String, S3Client> CLIENTS = new ConcurrentHashMap<>();
  private static volatile Map<String, String> job = Map.of();

  private StoreClients() {}

  /** From now on speaks to stores as the job says that this process works for. */
  static void workFor(Map<String, String> settings) {
    if (!settings.equals(job)) {
      job = Map.copyOf(settings);
      CLIENTS.clear();
    }
  }

  static StoreSettings settings(String scheme) {
    return StoreSettings.of(scheme, job, System.getenv());
  }

  /** How this process speaks to stores, for a job of its own to carry. */
  static Map<String, String> variables() {
    Map<String, String> variables = new HashMap<>(System.getenv());
    variables.putAll(job);
    return StoreSettings.variables(variables);
  }

  static S3Client of(String scheme) {
    if (scheme.equals(StoreSettings.OBS) && settings(scheme).endpoint().isEmpty()) {
      throw SdkClientException.create(
          "OBS_ENDPOINT is not set; it says where the store is, such as obs.cn-north-4.myhuaweicloud.com");
    }
    return CLIENTS.computeIfAbsent(scheme, s -> builder(s).build());
  }

  /** A client in the making. */
  static S3ClientBuilder builder(String scheme) {
    StoreSettings settings = settings(scheme);
    ClientConfiguration.Builder common = ClientConfiguration.builder();
    settings.endpoint().ifPresent(endpoint -> common.endpoint(URI.create(endpoint)));
    if (settings.region().isPresent()) {
      common.region(Region.of(settings.region().get()));
    } else if (settings.endpoint().isPresent() || scheme.equals(StoreSettings.OBS)) {
      // A server of one's own has no regions, but the signature has to name one.
      common.region(Region.US_EAST_1);
    }
    return ClientBuilderFactory.defaultFactory()
        .create(S3Client.builder(), common.build(), null)
        .credentialsProvider(scheme.equals(StoreSettings.OBS) ? obs(settings) : amazon(settings))
        .forcePathStyle(settings.pathStyle())
        .overrideConfiguration(ClientOverrideConfiguration.builder().retryPolicy(retries()).build())
        .httpClientBuilder(
            ApacheHttpClient.builder()
                .maxConnections(CONNECTIONS)
                // Its thread would keep a finished job's classes in the memory of a cluster.
                .useIdleConnectionReaper(false)
                .connectionTimeout(Duration.ofSeconds(5))
                .socketTimeout(SILENCE));
  }

  private static RetryPolicy retries() {
    FullJitterBackoffStrategy wait =
        FullJitterBackoffStrategy.builder()
            .baseDelay(FIRST_WAIT)
            .maxBackoffTime(LONGEST_WAIT)
            .build();
    return RetryPolicy.builder(RetryMode.STANDARD)
        .numRetries(RETRIES)
        .retryCondition(
            OrRetryCondition.create(
                RetryCondition.defaultRetryCondition(), StoreClients::cameIncomplete))
        .backoffStrategy(wait)
        .throttlingBackoffStrategy(wait)
        // The usual bucket of tokens for retries is empty after a few hundred failures at once.
        .retryCapacityCondition(null)
        .build();
  }

  /** A connection broke while something was sent, and the store says so: it can be sent again. */
  private static boolean cameIncomplete(RetryPolicyContext context) {
    return context.exception() instanceof AwsServiceException e
        && e.awsErrorDetails() != null
        && "IncompleteBody".equals(e.awsErrorDetails().errorCode());
  }

  private static AwsCredentialsProvider amazon(StoreSettings settings) {
    return settings
        .profile()
        .<AwsCredentialsProvider>map(ProfileCredentialsProvider::create)
        .orElseGet(DefaultCredentialsProvider::create);
  }

  private static AwsCredentialsProvider obs(StoreSettings settings) {
    if (settings.profile().isPresent()) {
      return ProfileCredentialsProvider.create(settings.profile().get());
    }
    return () -> {
      String key = System.getenv("OBS_ACCESS_KEY_ID");
      String secret = System.getenv("OBS_SECRET_ACCESS_KEY");
      String token = System.getenv("OBS_SECURITY_TOKEN");
      if (key == null || secret == null) {
        throw SdkClientException.create(
            "Unable to load credentials: OBS_ACCESS_KEY_ID and OBS_SECRET_ACCESS_KEY are not set");
      }
      return token == null
          ? AwsBasicCredentials.create(key, secret)
          : AwsSessionCredentials.create(key, secret, token);
    };
  }
}
