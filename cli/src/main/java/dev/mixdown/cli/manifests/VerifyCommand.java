package dev.mixdown.cli.manifests;

import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.options.WorkersOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.increments.StreamCheck;
import dev.mixdown.pipelines.increments.StreamCheck.Checked;
import dev.mixdown.pipelines.remix.RemixCheck;
import dev.mixdown.pipelines.streams.StreamFolder;
import dev.mixdown.pipelines.verify.Verification;
import dev.mixdown.pipelines.verify.Verification.Report;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks a manifest. */
@Command(
    name = "verify",
    description = {
      "Check a manifest against its digests, quotas and shards.",
      "",
      "Parts are held against their SHA-256, rows against the quotas, shards against the sizes that"
          + " the manifest says they have; the proof of a remix is made again. Ends with 3 when something"
          + " is wrong."
    },
    sortOptions = false)
public final class VerifyCommand extends JsonCommand {
  @Parameters(
      paramLabel = "MANIFEST_DIR",
      description =
          "A manifest's folder, or a stage's, whose current manifest is meant; or a stream's.")
  private String folder = "";

  @Option(names = "--deep", description = "Read every shard again and compare its SHA-256.")
  private boolean deep;

  @Mixin private RegistryOption registry = new RegistryOption();

  @Mixin private WorkersOption workers = new WorkersOption();

  @Override
  public Integer call() throws Exception {
    Optional<StreamFolder> stream = StreamFolder.at(storage(), folder);
    if (stream.isPresent() && ManifestFolder.at(storage(), folder).isEmpty()) {
      return verifyStream(stream.get());
    }
    RemixCheck remix =
        new RemixCheck(registry.workspace(), workers.settings(), registry.registry());
    Report report = new Verification(storage(), folder, deep, remix).verify();
    if (!report.errors().isEmpty()) {
      throw new DataException("the manifest is not as it says", report.errors());
    }
    if (json()) {
      print(report.json());
    } else {
      out()
          .printf(
              "Good: manifest %s, %s with %s from %s%s%n",
              report.manifestId(),
              Counts.of(report.parts(), "part"),
              Counts.of(report.samples(), "sample"),
              Counts.of(report.shards(), "shard"),
              deep ? ", each read again" : "");
    }
    return 0;
  }

  private int verifyStream(StreamFolder stream) throws IOException {
    Checked checked =
        new StreamCheck(registry.workspace(), stream, stream.document().orElseThrow(), deep)
            .check();
    if (json()) {
      print(checked.json());
    } else {
      checked.lines(deep).forEach(out()::println);
    }
    return 0;
  }
}
