package dev.mixdown.cli.stages;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.ConfigOptions;
import dev.mixdown.cli.options.LedgerCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.repository.Explanation;
import dev.mixdown.configs.repository.Explanation.Setting;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.plan.KnownMix;
import dev.mixdown.pipelines.stages.MixPreview;
import dev.mixdown.pipelines.stages.MixPreview.Change;
import dev.mixdown.pipelines.stages.MixPreview.Row;
import dev.mixdown.pipelines.stages.StageStatus;
import dev.mixdown.storage.Reach;
import dev.mixdown.transforms.mixing.Mix;
import java.io.IOException;
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
    List<MixPreview> previews = previews();
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

  private List<MixPreview> previews() throws IOException {
    ReleaseRepository repository = repository().unforced();
    String ledger = workspace();
    Reach reach = Reach.impatient();
    StageStatus status = StageStatus.of(repository, clock());
    Optional<KnownMix> before = Optional.empty();
    if (!status.configs().isEmpty()) {
      before = Optional.of(KnownMix.of(repository, status.configs().get(0), ledger, reach));
    }
    List<MixPreview> previews = new ArrayList<>();
    for (StageChoice choice : choices(repository)) {
      Resolution resolution = repository.resolve(choice);
      Optional<KnownMix> other =
          before.filter(b -> !b.resolution().folder().equals(resolution.folder()));
      previews.add(MixPreview.of(KnownMix.of(repository, resolution, ledger, reach), other));
    }
    return previews;
  }

  private List<StageChoice> choices(ReleaseRepository repository) throws IOException {
    StageChoice named = config.choice(stage);
    Optional<StageCatalog> catalog = repository.catalog(new Problems());
    String key = stage != null ? stage : StageStatus.of(repository, clock()).stage().orElse("");
    Optional<Stage> known = catalog.flatMap(c -> Optional.ofNullable(c.stages().get(key)));
    if (known.isEmpty() && stage != null && repository.isFile(stage)) {
      return List.of(config.choice(null).with(Optional.of(stage), named.tasks()));
    }
    // What is wrong with another one is told when it is resolved.
    return named.config().isPresent() || known.isEmpty()
        ? List.of(named)
        : known.get().choices(named.variant()).stream()
            .map(choice -> choice.with(named.config(), named.tasks()))
            .toList();
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
        .map(mix -> String.format(Locale.ROOT, "was %,d", mix.total()))
        .orElse("");
  }

  static String number(Optional<Long> number) {
    return number.map(n -> String.format(Locale.ROOT, "%,d", n)).orElse("?");
  }

  static String percent(Optional<Double> share) {
    return share.map(s -> String.format(Locale.ROOT, "%.2f%%", s * 100)).orElse("");
  }
}
