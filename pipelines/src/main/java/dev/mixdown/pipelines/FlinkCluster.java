package dev.mixdown.pipelines;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.flink.api.common.restartstrategy.RestartStrategies;
import org.apache.flink.api.java.ExecutionEnvironment;
import org.apache.flink.client.deployment.executors.RemoteExecutor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;

/**
 * A Flink cluster elsewhere, as jobs are sent to it: with the one jar that it needs beside Flink,
 * and with a restart strategy, so that a run survives the loss of a worker.
 *
 * <p>Beam's batch jobs have no option for a restart strategy, and Flink does not take one for them
 * from its client's configuration. But it asks first what the thread that submits a job has
 * declared to be its environment, as Flink's own command line does: so each run has its own.
 */
@SuppressWarnings("deprecation") // The batch API that Beam's jobs are made of is, as a whole.
final class FlinkCluster extends ExecutionEnvironment {
  private static final String MASTER = "--flinkMaster=";
  private static final int DEFAULT_PORT = 8081;

  /** Built next to the folder of the program's libraries. */
  private static final String JAR = "mixdown-flink.jar";

  /**
   * Workers are missed after 50 seconds, by default, and perhaps have to be started again. Each
   * restart finds out about one lost result only: a step has several, its side inputs too.
   */
  private static final int RESTARTS = 40;

  private static final long PAUSE_MILLIS = 2_000;

  /** A stream runs for weeks. */
  private static final int STREAM_RESTARTS = 1_000_000;

  private FlinkCluster(String host, int port, Path jar) {
    super(configuration(host, port, jar));
    getConfig().setRestartStrategy(RestartStrategies.fixedDelayRestart(RESTARTS, PAUSE_MILLIS));
  }

  private static Configuration configuration(String host, int port, Path jar) {
    Configuration configuration = new Configuration();
    configuration.set(DeploymentOptions.TARGET, RemoteExecutor.NAME);
    configuration.set(DeploymentOptions.ATTACHED, true);
    configuration.set(JobManagerOptions.ADDRESS, host);
    configuration.set(RestOptions.ADDRESS, host);
    configuration.set(RestOptions.PORT, port);
    configuration.set(PipelineOptions.JARS, List.of(jar.toUri().toString()));
    return configuration;
  }

  /** The cluster that a user's options name, {@code host:port}; empty for one in this process. */
  static Optional<String> named(List<String> options) {
    return options.stream()
        .filter(option -> option.startsWith(MASTER))
        .map(option -> option.substring(MASTER.length()).replaceFirst("^https?://", ""))
        .reduce((first, last) -> last)
        .filter(master -> !master.startsWith("["));
  }

  /** Where the web server of a JobManager is. */
  private record Address(String host, int port) {
    /**
     * @throws IllegalArgumentException when it is not {@code host:port}
     */
    static Address of(String master) {
      int colon = master.lastIndexOf(':');
      return colon < 0
          ? new Address(master, DEFAULT_PORT)
          : new Address(master.substring(0, colon), FlinkCluster.port(master.substring(colon + 1)));
    }
  }

  /**
   * Checks where a cluster is, before anything is done.
   *
   * @param master {@code host:port} of its JobManager's web server
   * @return Beam's options for it, once {@link #use} has been called
   * @throws IllegalArgumentException when it is not that
   */
  static List<String> options(String master) {
    Address unused = Address.of(master);
    return List.of(
        MASTER + "[auto]",
        // What a step has finished is kept until the next one has read it: a lost worker costs its
        // own work only, and steps never wait for each other.
        "--executionModeForBatch=BATCH_FORCED");
  }

  /**
   * Sends the jobs of this thread to a cluster, until {@link #letGo}.
   *
   * @param master as for {@link #options}
   */
  static void use(String master) {
    Address address = Address.of(master);
    Path jar = jar();
    initializeContextEnvironment(() -> new FlinkCluster(address.host(), address.port(), jar));
  }

  /** Ends what {@link #use} began. */
  static void letGo() {
    resetContextEnvironment();
  }

  private static int port(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "\"%s\" is not a port; --flinkMaster is HOST:PORT".formatted(text), e);
    }
  }

  /**
   * Beam's options for a streaming job on a cluster: the jar it needs, and how often it restarts.
   *
   * @param master {@code host:port} of its JobManager's web server
   */
  static List<String> streamOptions(String master) {
    Address unused = Address.of(master);
    return List.of(
        "--filesToStage=" + jar(),
        "--numberOfExecutionRetries=" + STREAM_RESTARTS,
        "--executionRetryDelay=" + PAUSE_MILLIS);
  }

  private static Path jar() {
    try {
      Path own =
          Path.of(FlinkCluster.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      // Its own jar lies among the libraries, in a folder beside it.
      Path jar = Objects.requireNonNull(own.getParent()).resolveSibling(JAR);
      if (!Files.exists(jar)) {
        throw new IllegalArgumentException(
            jar + " is missing, which the cluster needs; \"mvn package\" builds it");
      }
      return jar;
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
