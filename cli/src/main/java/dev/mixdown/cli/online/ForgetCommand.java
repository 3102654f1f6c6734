package dev.mixdown.cli.online;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.increments.OnlineTick;
import dev.mixdown.registry.streams.Increment;
import dev.mixdown.registry.streams.Increment.Struck;
import dev.mixdown.storage.StoragePath;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Strikes what waits of a file that is gone. */
@Command(
    name = "forget",
    description = {
      "Strike the waiting records of a file that is gone for good, so that the stream goes on.",
      "",
      "What was given of it stays given. Bring the file back instead where you can."
    },
    sortOptions = false)
public final class ForgetCommand extends StepCommand {
  @Parameters(index = "0", paramLabel = "URI", description = "The file, as online status names it.")
  private String uri = "";

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      description = "The stage (default: TRAINING_STAGE, else the active stage).")
  private @Nullable String ofStage;

  @Override
  public Integer call() throws Exception {
    Increment increment =
        new OnlineTick(request(ofStage), clock()).forget(StoragePath.absolute(uri));
    if (json()) {
      print(json(increment));
    } else {
      long records = increment.struck().stream().mapToLong(Struck::records).sum();
      out()
          .printf(
              "Increment %d strikes %s of %s%n",
              increment.seq(), Counts.of(records, "waiting record"), uri);
    }
    return 0;
  }

  /** The document that {@code forget --json} and {@code close --json} print. */
  static ObjectNode json(Increment increment) {
    return Json.object()
        .put("seq", increment.seq())
        .put("id", increment.id())
        .put("position", increment.positions().to())
        .put("struck", increment.struck().stream().mapToLong(Struck::records).sum())
        .put("closed", increment.closed());
  }
}
