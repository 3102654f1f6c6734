package dev.mixdown.pipelines.stage;

import dev.mixdown.configs.ActiveStage;
import dev.mixdown.configs.StageCatalog;
import dev.mixdown.configs.StageCatalog.Mode;
import dev.mixdown.configs.StageCatalog.Stage;
import dev.mixdown.configs.switching.StageSwitcher;
import dev.mixdown.configs.switching.StageSwitcher.Switched;
import dev.mixdown.configs.switching.SwitchRules;
import dev.mixdown.configs.tree.Problems;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of every command by which a person switches. */
abstract class SwitchingCommand extends SwitchingOutput {
  /** Who switches. */
  enum By {
    USER,
    SCHEDULER,
    SYSTEM
  }

  @Option(
      names = "--by",
      paramLabel = "WHO",
      defaultValue = "user",
      description = "user, scheduler or system: what activated_by says (default: user).")
  private By by = By.USER;

  @Option(
      names = "--tag",
      description =
          "Where the repository is a git checkout, tag its commit as stage/STAGE/VERSION, with the"
              + " version of the stage's config.")
  private boolean tag;

  String by() {
    return by.name().toLowerCase(Locale.ROOT);
  }

  StageSwitcher switcher() {
    return new StageSwitcher(repository(), clock());
  }

  /** A switch, made when it is sure that it can be tagged where it is to be. */
  interface Switching {
    Switched make() throws IOException;
  }

  /** Makes a switch to {@code stage} and tells of it. */
  int perform(String stage, Switching switching) throws IOException {
    Optional<StageTag> wanted =
        tag ? Optional.of(StageTag.of(repository(), stage)) : Optional.empty();
    Switched switched = switching.make();
    if (wanted.isPresent()) {
      wanted.get().create();
    }
    Optional<String> name = wanted.map(StageTag::name);
    if (json()) {
      print(StageJson.switched(switched, name));
      return 0;
    }
    if (switched.made().isEmpty()) {
      out().println("Nothing to do: " + switched.stage() + " is active already");
    } else {
      String variant = switched.made().get().variant().map(v -> ", variant " + v).orElse("");
      out()
          .printf(
              "Switched %sto %s%s%n",
              switched.made().get().from().map(f -> "from " + f + " ").orElse(""),
              switched.stage(),
              variant);
      printChanges(switched.changes());
    }
    name.ifPresent(n -> out().println("tagged  " + n));
    warn(switched.warnings());
    warnOfReturn();
    return 0;
  }

  /** A switch by hand holds only until the next check in which another stage's conditions hold. */
  private void warnOfReturn() throws IOException {
    Problems problems = new Problems();
    Optional<StageCatalog> catalog = repository().catalog(problems);
    Optional<ActiveStage> active = repository().active(problems);
    Optional<Stage> next =
        catalog
            .filter(c -> c.switching().mode() == Mode.AUTO)
            .flatMap(
                c ->
                    active
                        .flatMap(ActiveStage::stage)
                        .flatMap(s -> SwitchRules.enterable(c, s).stream().findFirst()));
    next.ifPresent(
        stage ->
            out()
                .printf(
                    "next    %s, by itself %s%n", stage.key(), ListStagesCommand.entered(stage)));
  }
}
