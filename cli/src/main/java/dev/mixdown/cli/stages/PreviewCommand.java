package dev.mixdown.cli.stages;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.ConfigOptions;
import dev.mixdown.cli.options.LedgerCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.repository.Explanation;
import dev.mixdown.configs.repository.Explanation.Setting;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.plan.KnownMix;
import dev.mixdown.pipelines.stages.MixPreview;
import dev.mixdown.pipelines.stages.MixPreview.Change;
import dev.mixdown.pipelines.stages.MixPreview.Row;
import dev.mixdown.pipelines.stages.StagePreview;
import dev.mixdown.transforms.mixing.Mix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what a switch would give. */
@Command(
    name = "preview",
    description = {
      "Show the mix that a stage would have, and what changes against the active one.",
      "",
      "Reads no data: numbers are there where the ledger knows them. \"mixdown plan\" finds out the"
          + " rest."
    },
    sortOptions = false)
final class PreviewCommand extends LedgerCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "STAGE|FILE",
      description = "The stage, or a dataset config. Without it the active stage.")
  private @Nullable String stage;

  @Mixin private ConfigOptions config = new ConfigOptions();

  @Override
  public Integer call() throws Exception {
    List<MixPreview> previews =
        new StagePreview(repository(), clock(), workspace())
            .of(Optional.ofNullable(stage), config.choice(stage));
    if (json()) {
      ArrayNode list = Json.array();
      previews.forEach(preview -> list.add(preview.json()));
      ObjectNode document = Json.object();
      document.set("previews", list);
      print(document);
      return 0;
    }
    for (int i = 0; i < previews.size(); i++) {
      if (i > 0) {
        out().println();
      }
      print(previews.get(i));
    }
    return 0;
  }

  private void print(MixPreview preview) {
    out()
        .printf(
            "Stage %s%s%n",
            preview.mix().resolution().folder(),
            preview
                .before()
                .map(b -> ", against " + b.resolution().folder() + ", which is in use")
                .orElse(""));
    boolean compared = preview.before().isPresent();
    Table table =
        compared
            ? new Table(
                "", "dataset", "category", ">records", ">samples", ">share", ">was", "what changes")
            : new Table("dataset", "category", ">records", ">samples", ">share");
    for (Row row : preview.rows()) {
      List<String> cells = new ArrayList<>();
      if (compared) {
        cells.add(row.change() == Change.SAME ? "" : row.change().name().toLowerCase(Locale.ROOT));
      }
      cells.addAll(
          List.of(
              row.dataset(),
              row.category(),
              number(row.records()),
              number(row.samples()),
              percent(row.share())));
      if (compared) {
        cells.addAll(List.of(percent(row.shareBefore()), String.join("; ", row.differences())));
      }
      table.row(cells.toArray(String[]::new));
    }
    Optional<Long> total = preview.mix().mix().map(Mix::total);
    table.row(
        compared
            ? new String[] {"", "total", "", "", number(total), "", "", was(preview)}
            : new String[] {"total", "", "", number(total), ""});
    table.print(out());
    preview.settings().forEach(setting -> out().println("Stage: " + setting));
    List<String> notUsed =
        Explanation.notUsed(preview.mix().resolution()).stream().map(Setting::name).toList();
    if (!notUsed.isEmpty()) {
      out().println("Not used by mixdown: " + String.join(", ", notUsed));
    }
    preview.mix().notes().forEach(note -> out().println("Note: " + note));
  }

  private static String was(MixPreview preview) {
    return preview
        .before()
        .flatMap(KnownMix::mix)
        .map(mix -> "was " + Counts.number(mix.total()))
        .orElse("");
  }

  private static String number(Optional<Long> number) {
    return number.map(Counts::number).orElse("?");
  }

  private static String percent(Optional<Double> share) {
    return share.map(Counts::percent).orElse("");
  }
}
