package dev.mixdown.configs;

import dev.mixdown.configs.tree.Fields;
import dev.mixdown.configs.tree.Node;
import dev.mixdown.configs.tree.Problems;
import dev.mixdown.configs.tree.YamlTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    Optional<NextStage> next) {

  /** One stage's time of being active, as written. */
  public record Activation(
      Optional<String> stage,
      Optional<String> activatedAt,
      Optional<String> deactivatedAt,
      Optional<String> duration,
      Optional<String> reason) {}

  /** The stage that is expected next, and when. */
  public record NextStage(
      Optional<String> stage, Optional<String> estimatedSwitchTime, List<String> conditions) {}

  /** Reads the file; empty, with problems, when it is no YAML. */
  static Optional<ActiveStage> read(String text, String file, Problems problems) {
    return YamlTree.read(text, file, problems)
        .map(
            node -> {
              Fields root = Fields.of(node, problems);
              List<Activation> history = new ArrayList<>();
              for (Node entry : root.list("history")) {
                Fields fields = Fields.of(entry, problems);
                history.add(
                    new Activation(
                        fields.text("stage"),
                        fields.scalar("activated_at"),
                        fields.scalar("deactivated_at"),
                        fields.scalar("duration"),
                        fields.text("reason")));
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
                      root.object("next_stage")
                          .map(
                              next ->
                                  new NextStage(
                                      next.text("predicted_stage"),
                                      next.scalar("estimated_switch_time"),
                                      next.texts("conditions"))));
              root.refuseMisspelt();
              return active;
            });
  }
}
