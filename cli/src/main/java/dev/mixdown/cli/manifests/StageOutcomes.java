package dev.mixdown.cli.manifests;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.output.Failures;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.Failure;
import dev.mixdown.pipelines.prepare.AllStages;
import dev.mixdown.pipelines.prepare.Prepared;
import java.io.PrintWriter;
import java.util.Optional;

/** Tells what came of each stage that {@code prepare --all} prepares. */
final class StageOutcomes implements AllStages.Listener {
  private final Optional<PrintWriter> out;
  private final PrintWriter err;
  private final ArrayNode stages = Json.array();
  private int code;

  /**
   * @param out for people; empty where a program reads the document
   */
  StageOutcomes(Optional<PrintWriter> out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  /** The worst exit code of any stage. */
  int code() {
    return code;
  }

  ObjectNode json() {
    ObjectNode document = Json.object();
    document.set("stages", stages);
    return document;
  }

  @Override
  public void prepared(StageChoice stage, Prepared prepared) {
    node(stage).set("prepared", prepared.json());
    out.ifPresent(
        to -> {
          print(prepared, to);
          to.println();
          to.flush();
        });
  }

  @Override
  public void failed(StageChoice stage, Exception reason) {
    Failure failure = Failure.of(reason);
    node(stage).set("failure", failure.json());
    String variant = stage.variant().map(v -> ", variant " + v).orElse("");
    Failures.print(failure, err, "mixdown: stage " + stage.stage().orElse("") + variant, true);
    code = Math.max(code, failure.code());
  }

  private ObjectNode node(StageChoice stage) {
    return stages
        .addObject()
        .put("stage", stage.stage().orElse(null))
        .put("variant", stage.variant().orElse(null));
  }

  /** Tells people what came of a stage. */
  static void print(Prepared prepared, PrintWriter out) {
    MixTable.print(prepared.plan(), out);
    prepared.changes().ifPresent(changes -> out.println(changes.line()));
    out.println(
        switch (prepared.outcome()) {
              case PREPARED -> "Prepared ";
              case RENEWED ->
                  "Prepared before: kept the parts, brought up to date what lies beside them, ";
              case REBASED -> "The same manifest for another base model: noted that in ";
              case SWITCHED -> "This manifest was prepared before: made current again ";
              case UNCHANGED -> "Nothing to do: this manifest is there and current, ";
            }
            + prepared.manifest());
  }
}
