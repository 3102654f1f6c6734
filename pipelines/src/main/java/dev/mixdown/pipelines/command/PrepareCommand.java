package dev.mixdown.pipelines.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.storage.Storage;
import dev.mixdown.configs.tree.Json;
import dev.mixdown.pipelines.prepare.Preparation;
import dev.mixdown.pipelines.prepare.Preparation.Prepared;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prepares a stage's manifest. */
@Command(
    name = "prepare",
    description = {
      "Prepare a stage's manifest: every sample, in order.",
      "",
      "Shards that did not change are not read again, and a manifest that is there is not made"
          + " again: a second run of the same work does nothing and says so."
    },
    customSynopsis =
        "mixdown prepare [STAGE] --output DIR [--repo DIR] [OPTIONS] [-- BEAM OPTIONS]",
    footer = {
      "",
      "BEAM OPTIONS are Beam's own, such as --flinkMaster=HOST:PORT; they win over mixdown's."
    },
    sortOptions = false)
final class PrepareCommand extends MixCommand {
  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Where manifests go: DIR/STAGE[/VARIANT]/MANIFEST_ID.")
  String output = "";

  @Override
  public Integer call() throws Exception {
    requireWritable("--output", output);
    Prepared prepared = new Preparation(request(), progress()).prepare(output);
    if (json) {
      ObjectNode document = MixTable.json(prepared.plan());
      document.put("outcome", prepared.outcome().name().toLowerCase(Locale.ROOT));
      document.put("manifest_id", prepared.manifestId());
      document.put("manifest", Storage.resolve(prepared.folder(), "manifest.json"));
      out().println(Json.text(document));
      return 0;
    }
    MixTable.print(prepared.plan(), out());
    out()
        .println(
            switch (prepared.outcome()) {
                  case PREPARED -> "Prepared ";
                  case RENEWED ->
                      "The same data at other places: kept the parts, renewed the places in ";
                  case SWITCHED -> "This manifest was prepared before: made current again ";
                  case UNCHANGED -> "Nothing to do: this manifest is there and current, ";
                }
                + Storage.resolve(prepared.folder(), "manifest.json"));
    return 0;
  }
}
