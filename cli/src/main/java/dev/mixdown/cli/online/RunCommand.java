package dev.mixdown.cli.online;

import dev.mixdown.configs.online.OnlineRulesReader;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.online.OnlineRun;
import dev.mixdown.pipelines.streams.OnlineRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a stream. */
@Command(
    name = "run",
    description = {
      "Go on with a stream until it is stopped: find what arrives, read it in parallel, and publish"
          + " increments.",
      "",
      "It ends by online drain, online close, --until-idle, or a signal; the stream is whole in each"
          + " case, and run goes on with it at any time. On a Flink cluster, it needs no checkpoint."
    },
    customSynopsis = "mixdown online run [STAGE] [--repo DIR] [OPTIONS] [-- BEAM OPTIONS]",
    sortOptions = false)
public final class RunCommand extends StepCommand {
  @Option(
      names = "--until-idle",
      paramLabel = "TIME",
      description = "End when nothing has happened for so long, such as 30s or 2m.")
  private @Nullable String untilIdle;

  @Override
  public Integer call() throws Exception {
    Optional<Duration> idle = Optional.empty();
    if (untilIdle != null) {
      idle = OnlineRulesReader.parse(untilIdle);
      if (idle.isEmpty()) {
        throw badUsage(
            "--until-idle is \"%s\"; a length of time such as 30s or 2m is expected"
                .formatted(untilIdle));
      }
    }
    OnlineRequest request = request();
    OnlineRun run = new OnlineRun(request, clock());
    if (!json()) {
      out().println("Running the stream in " + run.path() + "; end it with mixdown online drain");
      out().flush();
    }
    Map<String, Long> counted = run.run(idle);
    if (json()) {
      print(Json.object().put("path", run.path()).set("metrics", Json.tree(counted)));
    } else {
      out()
          .printf(
              "Ended: %,d increments with %,d samples were published%n",
              counted.getOrDefault("increments", 0L), counted.getOrDefault("samples", 0L));
    }
    return 0;
  }
}
