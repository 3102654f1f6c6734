package dev.mixdown.cli;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A real Flink session cluster from Maven's jars: every JobManager and TaskManager a process. */
public final class StandaloneCluster implements AutoCloseable {
  private static final Set<String> FLINK =
      Set.of(
          "flink",
          "kryo",
          "minlog",
          "objenesis",
          "chill",
          "javassist",
          "commons",
          "slf4j",
          "logback",
          "snappy",
          "lz4",
          "jsr305",
          "snakeyaml");

  private final Path folder;
  private final int rest = freePort();
  private final List<Process> taskManagers = new ArrayList<>();
  private final Process jobManager;
  private final String classes;

  public StandaloneCluster(Path folder) throws Exception {
    this.folder = Files.createDirectories(folder);
    try (Stream<Path> jars = Files.list(TestFiles.root().resolve("cli/target/lib"))) {
      classes =
          jars.filter(jar -> FLINK.contains(jar.getFileName().toString().replaceFirst("-.*", "")))
              .map(Path::toString)
              .collect(Collectors.joining(File.pathSeparator));
    }
    Files.writeString(
        folder.resolve("config.yaml"),
        """
        jobmanager: {rpc: {address: localhost, port: %d}, bind-host: localhost}
        rest: {address: localhost, bind-address: localhost, port: %d}
        taskmanager: {host: localhost, bind-host: localhost, numberOfTaskSlots: 2}
        heartbeat: {interval: 1000, timeout: 6000}
        blob: {server: {port: 0}}
        """
            .formatted(freePort(), rest));
    Files.writeString(
        folder.resolve("logback.xml"),
        """
        <configuration>
          <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
            <encoder><pattern>%d %-5level %logger{30} %msg%n</pattern></encoder>
          </appender>
          <root level="INFO"><appender-ref ref="out"/></root>
        </configuration>
        """);
    jobManager =
        java(
            "jobmanager",
            List.of("-Xmx512m"),
            "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
            List.of("--executionMode", "cluster"));
    waitFor("\"taskmanagers\":0");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process java(String name, List<String> jvm, String main, List<String> args)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("java"));
    command.add("-Dlogback.configurationFile=" + folder.resolve("logback.xml"));
    command.addAll(jvm);
    command.addAll(List.of("-cp", classes, main, "--configDir", folder.toString()));
    command.addAll(args);
    ProcessBuilder builder = new ProcessBuilder(command);
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  /** Starts another TaskManager of two slots. */
  public void startTaskManager() throws Exception {
    List<String> lines =
        TestFiles.program(
                "java",
                "-cp",
                classes,
                "org.apache.flink.runtime.util.bash.BashJavaUtils",
                "GET_TM_RESOURCE_PARAMS",
                "--configDir",
                folder.toString(),
                "-D",
                "taskmanager.memory.process.size=1400m")
            .lines()
            .filter(line -> line.startsWith("BASH_JAVA_UTILS_EXEC_RESULT:"))
            .map(line -> line.substring(line.indexOf(':') + 1))
            .toList();
    Pattern space = Pattern.compile(" +");
    taskManagers.add(
        java(
            "taskmanager-" + taskManagers.size(),
            space.splitAsStream(lines.get(0).strip()).toList(),
            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
            space.splitAsStream(lines.get(1).strip()).toList()));
  }

  /** Kills a TaskManager as a power cut would. */
  public void killTaskManager(int number) throws InterruptedException {
    taskManagers.get(number).destroyForcibly().waitFor();
  }

  public void waitForTaskManagers(int count) throws Exception {
    waitFor("\"taskmanagers\":" + count);
  }

  private void waitFor(String state) throws Exception {
    for (int i = 0; i < 600; i++) {
      try {
        if (get("/overview").contains(state)) {
          return;
        }
      } catch (IOException e) {
        // It is not up yet.
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("the cluster does not get to " + state);
  }

  /** What the cluster's web server answers. */
  String get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://localhost:" + rest + path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  public String master() {
    return "localhost:" + rest;
  }

  @Override
  public void close() {
    taskManagers.forEach(Process::destroyForcibly);
    jobManager.destroyForcibly();
  }
}
