package dev.mixdown.storage.objects;

import java.util.List;
import org.apache.beam.sdk.io.aws2.options.S3ClientBuilderFactory;
import org.apache.beam.sdk.io.aws2.options.S3Options;
import org.apache.beam.sdk.io.aws2.s3.S3FileSystemConfiguration;
import org.apache.beam.sdk.io.aws2.s3.S3FileSystemSchemeRegistrar;
import org.apache.beam.sdk.options.PipelineOptions;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * Gives Beam's file systems {@code obs://}, and both schemes the clients that mixdown's own reading
 * and writing has. Runners call it on every worker before anything else, with the job's options:
 * that is how a worker learns where the stores are.
 */
public final class StoreFileSystems implements S3FileSystemSchemeRegistrar {
  /** For {@link java.util.ServiceLoader}. */
  public StoreFileSystems() {}

  /** Makes a pipeline carry this process's settings, without credentials, to its workers. */
  public static void configure(PipelineOptions options) {
    options.as(StoreOptions.class).setStores(StoreClients.variables());
    options.as(S3Options.class).setS3ClientFactoryClass(S3Clients.class);
  }

  @Override
  public Iterable<S3FileSystemConfiguration> fromOptions(PipelineOptions options) {
    StoreClients.workFor(options.as(StoreOptions.class).getStores());
    return List.of(
        S3FileSystemConfiguration.builderFrom(options.as(S3Options.class))
            .setScheme(StoreSettings.OBS)
            .setS3ClientBuilder(StoreClients.builder(StoreSettings.OBS))
            .build());
  }

  /** Makes the clients of Beam's {@code s3://}. */
  public static final class S3Clients implements S3ClientBuilderFactory {
    /** For Beam. */
    public S3Clients() {}

    @Override
    public S3ClientBuilder createBuilder(S3Options options) {
      return StoreClients.builder(StoreSettings.S3);
    }
  }
}
