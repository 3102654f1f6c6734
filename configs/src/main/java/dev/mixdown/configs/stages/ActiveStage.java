package dev.mixdown.configs.stages;

import dev.mixdown.configs.syntax.Fields;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.configs.syntax.YamlTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which stage is active: {@code active_stage.yaml}. Keys that mixdown does not know are people's
 * own and stay unread.
 *
 * @param file where it was read
 * @param root its tree, which knows the line of every value
 * @param stage {@code current_stage}
 * @param variant {@code current_variant}, the arm of an A/B stage
 * @param activatedAt as written
 * @param activatedBy {@code system}, {@code user} or {@code scheduler}
 * @param reason {@code switch_reason}
 * @param history the stages so far, oldest first
 * @param next what is expected to follow
 * @param progress {@code progress}: the epochs that checks have seen in this stage
 * @param proposal {@code proposal}: a switch that waits for a person
 * @param lastSwitch {@code last_switch}: the last line of the switch log, as it has to be
 */
public record ActiveStage(
    String file,
    Node root,
    Optional<String> stage,
    Optional<String> variant,
    Optional<String> activatedAt,
    Optional<String> activatedBy,
    Optional<String> reason,
    List<Activation> history,
    Optional<NextStage> next,
    Optional<EpochsSeen> progress,
    Optional<Proposal> proposal,
    Map<String, @Nullable Object> lastSwitch) {

  /** One stage's time of being active, as written. */
  public record Activation(
      Optional<String> stage,
      Optional<String> variant,
      Optional<String> activatedAt,
      Optional<String> deactivatedAt,
      Optional<String> duration,
      Optional<String> reason) {}

  /** The stage that is expected next, and when. */
  public record NextStage(
      Optional<String> stage, Optional<String> estimatedSwitchTime, List<String> conditions) {}

  /** Whether the file has a key, if only with null. */
  public boolean has(String key) {
    return root instanceof Node.Mapping mapping && mapping.values().containsKey(key);
  }

  /**
   * A switch that a check proposes.
   *
   * @param stage the stage to enter
   * @param condition what held
   * @param proposedAt as written
   * @param metrics what the trainer had reported
   */
  public record Proposal(
      String stage,
      String condition,
      Optional<String> proposedAt,
      Map<String, @Nullable Object> metrics) {}

  /** Reads the file; empty, with problems, when it is no YAML, and without when it says nothing. */
  public static Optional<ActiveStage> read(String text, String file, Problems problems) {
    if (text.lines().allMatch(line -> line.isBlank() || line.strip().startsWith("#"))) {
      return Optional.empty();
    }
    return YamlTree.read(text, file, problems).map(node -> active(node, file, problems));
  }

  private static ActiveStage active(Node node, String file, Problems problems) {
    Fields root = Fields.of(node, problems);
    List<Activation> history = new ArrayList<>();
    for (Node entry : root.list("history")) {
      history.add(activation(Fields.of(entry, problems)));
    }
    ActiveStage active =
        new ActiveStage(
            file,
            node,
            root.text("current_stage"),
            root.text("current_variant"),
            root.scalar("activated_at"),
            root.text("activated_by"),
            root.text("switch_reason"),
            List.copyOf(history),
            root.object("next_stage").map(ActiveStage::next),
            root.object("progress").flatMap(EpochsSeen::read),
            root.object("proposal").flatMap(ActiveStage::proposal),
            root.object("last_switch").map(last -> last.mapping().plain()).orElse(Map.of()));
    List.of(
            "config_file",
            "runtime_status",
            "current_metrics",
            "alerts",
            "system_info",
            "config_version")
        .forEach(root::node);
    root.refuseMisspelt();
    return active;
  }

  private static Activation activation(Fields fields) {
    return new Activation(
        fields.text("stage"),
        fields.text("variant"),
        fields.scalar("activated_at"),
        fields.scalar("deactivated_at"),
        fields.scalar("duration"),
        fields.text("reason"));
  }

  private static NextStage next(Fields fields) {
    List<String> conditions = new ArrayList<>();
    for (Node node : fields.list("conditions")) {
      if (node instanceof Node.Mapping mapping) {
        mapping.find("condition").flatMap(Node::textValue).ifPresent(conditions::add);
      } else {
        fields.text(node).ifPresent(conditions::add);
      }
    }
    return new NextStage(
        fields.text("predicted_stage"),
        fields.scalar("estimated_switch_time"),
        List.copyOf(conditions));
  }

  private static Optional<Proposal> proposal(Fields fields) {
    String condition = fields.text("condition").orElse("");
    Optional<String> proposedAt = fields.scalar("proposed_at");
    Map<String, @Nullable Object> metrics =
        fields.object("metrics").map(metric -> metric.mapping().plain()).orElse(Map.of());
    return fields.text("stage").map(stage -> new Proposal(stage, condition, proposedAt, metrics));
  }
}
