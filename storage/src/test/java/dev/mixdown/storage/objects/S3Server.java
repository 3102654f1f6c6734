package dev.mixdown.storage.objects;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real S3 server (S3Proxy), in a process of its own, that keeps its objects in a folder. */
public final class S3Server implements AutoCloseable {
  /** What no output may contain. */
  public static final String SECRET = "planted-secret-7Fq2xN";

  public static final String KEY = "planted-key-id";

  private final Path folder;
  private final int port;
  private final boolean authorization;
  private Process process;

  /** Starts a server on a free port. */
  public static S3Server start(Path folder, boolean authorization) throws Exception {
    S3Server server = new S3Server(folder, freePort(), authorization);
    server.start();
    return server;
  }

  private S3Server(Path folder, int port, boolean authorization) {
    this.folder = folder;
    this.port = port;
    this.authorization = authorization;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  public int port() {
    return port;
  }

  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /** Starts it, again too, and waits until it answers. */
  public void start() throws Exception {
    Path jar = Path.of(System.getProperty("mixdown.root"), "storage/target/s3proxy.jar");
    Path data = Files.createDirectories(folder.resolve("objects"));
    Path config = folder.resolve("s3proxy.conf");
    Files.write(
        config,
        List.of(
            "s3proxy.endpoint=" + endpoint(),
            "s3proxy.authorization=" + (authorization ? "aws-v2-or-v4" : "none"),
            "s3proxy.identity=" + KEY,
            "s3proxy.credential=" + SECRET,
            "jclouds.provider=filesystem-nio2",
            "jclouds.filesystem.basedir=" + data));
    process =
        new ProcessBuilder(
                "java",
                "-Xmx384m",
                "-Dfile.encoding=UTF-8",
                "-Dsun.jnu.encoding=UTF-8",
                "-jar",
                jar.toString(),
                "--properties",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("s3proxy.log").toFile()))
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    for (int i = 0; i < 300; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        if (!process.isAlive()) {
          throw new IllegalStateException(Files.readString(folder.resolve("s3proxy.log")), e);
        }
        Thread.sleep(50);
      }
    }
    throw new IllegalStateException("S3Proxy does not start");
  }

  /** The variables of an environment in which s3:// and obs:// are at these addresses. */
  public static Map<String, String> environment(String s3, String obs) {
    return Map.of("AWS_ENDPOINT_URL_S3", s3, "OBS_ENDPOINT", obs);
  }

  /** Makes a bucket. */
  public void makeBucket(String bucket) throws IOException {
    Files.createDirectories(folder.resolve("objects").resolve(bucket));
  }

  /** Kills it as a power cut would. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
