package dev.mixdown.cli.experience;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.registry.catalog.Numbers;
import dev.mixdown.registry.experience.BestPractices;
import dev.mixdown.registry.experience.BestPractices.Practice;
import java.io.PrintWriter;

/** The best jobs, for people. */
final class PracticeText {
  private PracticeText() {}

  static void print(BestPractices best, PrintWriter out) {
    if (best.best().isEmpty()) {
      out.printf("No completed job of %s has %s%n", best.recipe(), best.metric());
    } else {
      out.printf(
          "The best of %s of %s by %s, the %s value of each, %s is better%n",
          Counts.of(best.compared(), "completed job"),
          best.recipe(),
          best.metric(),
          best.value(),
          best.direction().word());
      Table table =
          new Table(
              "job",
              "name",
              ">" + best.metric(),
              ">learning rate",
              ">batch",
              ">epochs",
              ">kl",
              ">lora rank");
      for (Practice practice : best.best()) {
        ObjectNode config = practice.config().config();
        table.row(
            practice.job().uuid(),
            practice.job().name(),
            Numbers.text(practice.value()),
            number(config, "learning_rate"),
            number(config, "batch_size"),
            number(config, "num_epochs"),
            number(config, "kl_coef"),
            number(config, "lora_rank"));
      }
      table.print(out);
    }
    if (!best.leftOut().isEmpty()) {
      out.println("Left out: " + String.join(", ", best.leftOut()));
    }
  }

  private static String number(ObjectNode config, String key) {
    JsonNode value = config.get(key);
    return value != null && value.isNumber() ? Numbers.text(value.doubleValue()) : "";
  }
}
