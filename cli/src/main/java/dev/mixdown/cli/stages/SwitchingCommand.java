package dev.mixdown.cli.stages;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.stages.StageCatalog.Mode;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.switching.StageSwitcher;
import dev.mixdown.configs.switching.StageSwitcher.Switched;
import dev.mixdown.pipelines.stages.StageJson;
import dev.mixdown.pipelines.stages.StageStatus;
import dev.mixdown.pipelines.stages.StageTag;
import dev.mixdown.pipelines.streams.OnlineStage;
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

  @Option(
      names = "--commit",
      description = "With --tag: commit active_stage.yaml and the switch log first, and tag that.")
  private boolean commit;

  String by() {
    return by.name().toLowerCase(Locale.ROOT);
  }

  /** A reason goes into files that people read. */
  void checkReason(String reason) {
    if (reason.isBlank() || reason.chars().anyMatch(Character::isISOControl)) {
      throw badUsage("--reason is empty, or has control characters in it; say why in one line");
    }
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
    if (commit && wanted.isEmpty()) {
      throw badUsage("--commit commits what --tag marks; add --tag");
    }
    Switched switched = switching.make();
    if (wanted.isPresent()) {
      if (commit) {
        wanted.get().commit(repository(), "Switch to " + switched.arm());
      }
      wanted.get().create();
    }
    Optional<String> name = wanted.map(StageTag::name);
    if (json()) {
      print(StageJson.switched(switched, name));
      return 0;
    }
    if (switched.made().isEmpty()) {
      out().println("Nothing to do: " + switched.arm() + " is active already");
    } else {
      out()
          .printf(
              "Switched %sto %s%n",
              switched.made().get().ended().map(f -> "from " + f + " ").orElse(""), switched.arm());
      printChanges(switched.changes());
    }
    name.ifPresent(
        n ->
            out()
                .println(
                    "tagged  "
                        + n
                        + (commit
                            ? ", with the switch committed"
                            : " on the last commit, in which the switch itself is not yet; --commit"
                                + " commits it first")));
    warn(switched.warnings());
    noteOfStream(switched);
    repository().pinned().ifPresent(this::noteOfPin);
    warnOfReturn();
    return 0;
  }

  /** Data of an online stage keeps arriving: how to begin with it. */
  private void noteOfStream(Switched switched) throws IOException {
    try {
      Resolution resolution = repository().resolve(StageChoice.ofArm(switched.arm().toString()));
      if (OnlineStage.isOnline(resolution)) {
        out().println("start   mixdown online run " + resolution.arguments() + " --output DIR");
      }
    } catch (ConfigException e) {
      // The stage was entered with a warning of what is wrong with its config.
    }
  }

  /** A switch by hand holds only until the next check in which another stage's conditions hold. */
  private void warnOfReturn() throws IOException {
    StageStatus status = StageStatus.of(repository().unforced(), clock());
    boolean auto = status.catalog().map(c -> c.switching().mode() == Mode.AUTO).orElse(false);
    if (auto && status.next().stage().isPresent()) {
      out().println("next    by itself, " + status.expected());
    }
  }
}
