package dev.mixdown.cli.online;

import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.increments.StreamCheck;
import dev.mixdown.pipelines.increments.StreamCheck.Checked;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks a stream from its first increment to its last. */
@Command(
    name = "verify",
    description = {
      "Check the whole chain by what it has recorded: each increment goes on from the one before,"
          + " gives each stratum what is due, and its parts are byte for byte what comes of it.",
      "",
      "Source files are not needed. With --deep those that are there are read, and held against what"
          + " the chain has of them."
    },
    sortOptions = false)
public final class VerifyStreamCommand extends StreamCommand {
  @Parameters(index = "0", arity = "0..1", paramLabel = "STAGE", description = "The stage.")
  private @Nullable String stage;

  @Option(names = "--deep", description = "Read the source files too.")
  private boolean deep;

  @Override
  public Integer call() throws Exception {
    Located stream = stream(stage);
    Checked checked =
        new StreamCheck(workspace().workspace(), stream.folder(), stream.document(), deep).check();
    if (json()) {
      print(
          Json.object()
              .put("stream_id", stream.document().id())
              .put("path", stream.folder().path())
              .put("increments", checked.increments())
              .put("position", checked.position())
              .put("parts", checked.parts())
              .put("parts_removed", checked.removed())
              .put("files_read", checked.read())
              .put("files_gone", checked.gone()));
      return 0;
    }
    out()
        .printf(
            "%s, %s and %s are as they were written: positions 0 to %,d%n",
            stream.folder().path(),
            Counts.of(checked.increments(), "increment"),
            Counts.of(checked.parts(), "part"),
            checked.position());
    if (checked.removed() > 0) {
      out()
          .printf(
              "%s that all consumers have read %s removed%n",
              Counts.of(checked.removed(), "part"), checked.removed() == 1 ? "was" : "were");
    }
    if (deep) {
      out()
          .printf(
              "%s read; %s gone or changed since%n",
              Counts.of(checked.read(), "source file"), Counts.number(checked.gone()));
    }
    return 0;
  }
}
