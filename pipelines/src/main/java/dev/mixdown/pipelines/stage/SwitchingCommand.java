package dev.mixdown.pipelines.stage;

import dev.mixdown.configs.StageCatalog.Mode;
import dev.mixdown.configs.switching.StageSwitcher;
import dev.mixdown.configs.switching.StageSwitcher.Switched;
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
      out().println("Nothing to do: " + switched.arm() + " is active already");
    } else {
      out()
          .printf(
              "Switched %sto %s%n",
              switched.made().get().from().map(f -> "from " + f + " ").orElse(""), switched.arm());
      printChanges(switched.changes());
    }
    name.ifPresent(n -> out().println("tagged  " + n));
    warn(switched.warnings());
    repository().pinned().ifPresent(this::noteOfPin);
    warnOfReturn();
    return 0;
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
