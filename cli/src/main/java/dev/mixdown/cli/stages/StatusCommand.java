package dev.mixdown.cli.stages;

import dev.mixdown.cli.options.RepositoryCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.stages.ActiveStage;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.syntax.Timestamps;
import dev.mixdown.pipelines.stages.StageStatus;
import dev.mixdown.storage.StoragePath;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** Shows where the repository stands. */
@Command(
    name = "status",
    description = "Show the active stage, since when and why, and what comes next.",
    sortOptions = false)
final class StatusCommand extends RepositoryCommand {
  @Override
  public Integer call() throws Exception {
    StageStatus status = StageStatus.of(repository(), clock());
    if (json()) {
      print(status.json());
      return 0;
    }
    Optional<ActiveStage> active = status.active();
    Table table = new Table("", "");
    table.row("stage", title(status));
    active.flatMap(ActiveStage::variant).ifPresent(v -> table.row("variant", v));
    active
        .flatMap(ActiveStage::activatedAt)
        .ifPresent(
            at ->
                table.row(
                    "since",
                    at
                        + status.since().map(d -> ", for " + Timestamps.text(d)).orElse("")
                        + active
                            .flatMap(ActiveStage::activatedBy)
                            .map(b -> ", by " + b)
                            .orElse("")));
    active.flatMap(ActiveStage::reason).ifPresent(r -> table.row("why", r));
    table.row(
        "config",
        status.configs().isEmpty()
            ? "cannot be used, see below"
            : status.configs().stream()
                .map((Resolution r) -> r.config().file())
                .collect(Collectors.joining(", ")));
    if (status.catalog().isPresent()) {
      table.row("next", status.expected());
      table.row("mode", mode(status.catalog().get()));
    }
    active
        .flatMap(ActiveStage::progress)
        .ifPresent(p -> table.row("epoch", p.epoch() + ", reported " + Timestamps.text(p.at())));
    active
        .flatMap(ActiveStage::proposal)
        .ifPresent(
            p ->
                table.row(
                    "proposed",
                    "%s, since %s: %s (\"mixdown stage confirm\" enters it)"
                        .formatted(p.stage(), p.proposedAt().orElse("a while"), p.condition())));
    table.print(out());
    repository().pinned().ifPresent(this::noteOfPin);
    String beside = StoragePath.resolve(repository().folder(), ReleaseRepository.STAGE_CONFIG);
    if (!repository().catalogFile().equals(beside)) {
      out()
          .println(
              "Note: STAGE_CONFIG_PATH: the stages are those of " + repository().catalogFile());
    }
    status.problems().ifPresent(e -> warn(e.problems()));
    return 0;
  }

  private static String title(StageStatus status) {
    String key = status.stage().orElse("none");
    Optional<Stage> stage = status.catalog().flatMap(c -> Optional.ofNullable(c.stages().get(key)));
    String how =
        status.active().flatMap(ActiveStage::stage).isPresent()
            ? ""
            : status.catalog().isPresent()
                ? ", the default: none was activated yet"
                : ", of the one config that there is";
    return key + stage.flatMap(Stage::name).map(name -> " (" + name + ")").orElse("") + how;
  }

  private static String mode(StageCatalog catalog) {
    long interval = catalog.switching().checkInterval();
    return StageStatus.mode(catalog)
        + (interval == 1 ? "" : "; conditions are looked at every " + interval + " epochs");
  }
}
