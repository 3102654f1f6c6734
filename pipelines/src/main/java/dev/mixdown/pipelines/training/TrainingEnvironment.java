package dev.mixdown.pipelines.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a training ran. An allow-list: versions of Java, Python and CUDA, the system, and the GPUs'
 * models; nothing of the environment's variables, which may be secret.
 */
final class TrainingEnvironment {
  private static final Pattern CUDA = Pattern.compile("CUDA Version:\\s*([\\d.]+)");
  private static final int PATIENCE_SECONDS = 5;

  private TrainingEnvironment() {}

  static ObjectNode here() {
    ObjectNode environment = Json.object();
    environment.put("java", Runtime.version().toString());
    environment.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    said("python3", "--version")
        .ifPresent(text -> environment.put("python", text.replaceFirst("^Python ", "")));
    said("nvidia-smi", "--query-gpu=name", "--format=csv,noheader")
        .ifPresent(text -> environment.set("gpu", Json.tree(text.lines().toList())));
    said("nvidia-smi")
        .map(CUDA::matcher)
        .filter(Matcher::find)
        .ifPresent(found -> environment.put("cuda", found.group(1)));
    return environment;
  }

  /** What a program prints; empty where it is not there, fails, or does not end. */
  private static Optional<String> said(String... command) {
    try {
      Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
      process.getOutputStream().close();
      // Read while it runs: a program whose output nobody takes does not end.
      CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> text(process));
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      String text = output.get(PATIENCE_SECONDS, TimeUnit.SECONDS).strip();
      return process.exitValue() == 0 && !text.isEmpty() ? Optional.of(text) : Optional.empty();
    } catch (IOException | ExecutionException | TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static String text(Process process) {
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
