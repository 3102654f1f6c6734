package dev.mixdown.cli.manifests;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.output.Failures;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.verify.Verification;
import dev.mixdown.pipelines.verify.Verification.Report;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a manifest. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Check a manifest against its digests, quotas and shards.",
      "",
      "Parts are held against their SHA-256, rows against the quotas, shards against the sizes that"
          + " the manifest says they have. Ends with 3 when something is wrong."
    },
    sortOptions = false)
public final class VerifyCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Parameters(
      paramLabel = "MANIFEST_DIR",
      description = "A manifest's folder, or a stage's, whose current manifest is meant.")
  private String folder = "";

  @Option(names = "--deep", description = "Read every shard again and compare its SHA-256.")
  private boolean deep;

  @Option(names = "--json", description = "Print one JSON document, for programs.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    if (ManifestFolder.isMissing(folder)) {
      throw new ConfigException(
          "the manifest",
          folder,
          "has neither manifest.json nor current.json: it is no manifest, or its run did not end");
    }
    Report report = new Verification(folder, deep).verify();
    PrintWriter out = spec.commandLine().getOut();
    boolean good = report.problems().isEmpty();
    if (json) {
      ObjectNode document = Json.object();
      document.put("manifest_id", report.manifestId());
      document.put("good", good);
      document.put("parts", report.parts());
      document.put("rows", report.rows());
      document.put("shards", report.shards());
      document.put("deep", deep);
      document.set("problems", Json.tree(report.problems()));
      out.println(Json.text(document));
    } else if (good) {
      out.printf(
          "Good: manifest %s, %,d %s with %,d samples from %,d shards%s%n",
          report.manifestId(),
          report.parts(),
          report.parts() == 1 ? "part" : "parts",
          report.rows(),
          report.shards(),
          deep ? ", each read again" : "");
    } else {
      PrintWriter err = spec.commandLine().getErr();
      err.printf(
          "mixdown: the manifest is not as it says, %d %s%n",
          report.problems().size(), report.problems().size() == 1 ? "problem" : "problems");
      report.problems().forEach(problem -> err.println("  " + problem));
    }
    return good ? 0 : Failures.BAD_DATA;
  }
}
