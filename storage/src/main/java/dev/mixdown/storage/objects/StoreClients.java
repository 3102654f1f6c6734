package dev.mixdown.storage.objects;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

/** The clients that speak to stores, one a scheme, made when they are first asked for. */
final class StoreClients implements AutoCloseable {
  /** A server that restarts is waited for, about a minute. */
  private static final int RETRIES = 12;

  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

  /** A connection that brings nothing for so long is given up, and the request made again. */
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private static final int CONNECTIONS =
      Math.max(64, 4 * Runtime.getRuntime().availableProcessors());

  private final Map<String, String> settings;
  private final Map<String, S3Client> clients = new ConcurrentHashMap<>();

  /**
   * Clients that connect to the stores that some settings name.
   *
   * @param settings as {@link StoreSettings#variables} wrote them
   */
  StoreClients(Map<String, String> settings) {
    this.settings = Map.copyOf(settings);
  }

  StoreSettings settings(String scheme) {
    return StoreSettings.of(scheme, settings);
  }

  S3Client of(String scheme) {
    if (scheme.equals(StoreSettings.OBS) && settings(scheme).endpoint().isEmpty()) {
      throw SdkClientException.create(
          "OBS_ENDPOINT is not set; it says where the store is, such as obs.cn-north-4.myhuaweicloud.com");
    }
    return clients.computeIfAbsent(scheme, this::connect);
  }

  private S3Client connect(String scheme) {
    StoreSettings store = settings(scheme);
    S3ClientBuilder builder = S3Client.builder();
    store.endpoint().ifPresent(endpoint -> builder.endpointOverride(URI.create(endpoint)));
    if (store.region().isPresent()) {
      builder.region(Region.of(store.region().get()));
    } else if (store.endpoint().isPresent() || scheme.equals(StoreSettings.OBS)) {
      // A server of one's own has no regions, but the signature has to name one.
      builder.region(Region.US_EAST_1);
    }
    return builder
        .credentialsProvider(StoreCredentials.of(scheme))
        .forcePathStyle(store.pathStyle())
        .overrideConfiguration(ClientOverrideConfiguration.builder().retryPolicy(retries()).build())
        .httpClientBuilder(
            ApacheHttpClient.builder()
                .maxConnections(CONNECTIONS)
                // Its thread would keep a finished job's classes in the memory of a cluster.
                .useIdleConnectionReaper(false)
                .connectionTimeout(Duration.ofSeconds(5))
                .socketTimeout(SILENCE))
        .build();
  }

  @Override
  public void close() {
    clients.values().forEach(S3Client::close);
    clients.clear();
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
}
