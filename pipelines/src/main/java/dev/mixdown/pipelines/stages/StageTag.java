package dev.mixdown.pipelines.stages;

import dev.mixdown.configs.datasets.DatasetConfig;
import dev.mixdown.configs.repository.GitCheckout;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.review.StageReview;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageCatalog.Stage;
import dev.mixdown.configs.switching.SwitchException;
import dev.mixdown.configs.switching.SwitchLog;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The tag of a stage's release in git: {@code stage/STAGE/VERSION} on the commit that is out. */
public final class StageTag {
  private final GitCheckout checkout;
  private final String name;

  private StageTag(GitCheckout checkout, String name) {
    this.checkout = checkout;
    this.name = name;
  }

  /**
   * Finds out whether the tag can be made.
   *
   * @throws SwitchException when it cannot
   */
  public static StageTag of(ReleaseRepository repository, String stage) throws IOException {
    String folder = repository.folder();
    GitCheckout checkout = new GitCheckout(folder);
    if (StoragePath.scheme(folder).isPresent()
        || checkout.say("rev-parse --verify --quiet HEAD").code() != 0) {
      throw new SwitchException(
          folder + " is not a git checkout with a commit, so it cannot be tagged; leave --tag out");
    }
    Optional<Stage> known =
        repository
            .catalog(new Problems())
            .map(StageCatalog::stages)
            .map(stages -> stages.get(stage));
    List<DatasetConfig> configs =
        known.isEmpty()
            ? List.of()
            : StageReview.of(repository, known.get(), Optional.empty()).configs().stream()
                .map(Resolution::config)
                .toList();
    String[] files =
        configs.stream().map(c -> StoragePath.absolute(c.file())).toArray(String[]::new);
    if (files.length > 0 && !checkout.say("status --porcelain --", files).text().isEmpty()) {
      throw new SwitchException(
          "the config of %s has changes that are not committed, so a tag would mark another one; commit them, or leave --tag out"
              .formatted(stage));
    }
    Optional<String> version =
        configs.stream().flatMap(config -> config.version().stream()).findFirst();
    String name =
        "stage/%s/%s"
            .formatted(
                stage,
                version.orElseThrow(
                    () ->
                        new SwitchException(
                            "the config of %s has no meta.version, which its tag is named after; add one, or leave --tag out"
                                .formatted(stage))));
    String ref = "refs/tags/" + name;
    if (checkout.say("check-ref-format", ref).code() != 0) {
      throw new SwitchException("git allows no tag with the name " + name + "; leave --tag out");
    }
    boolean tagged = checkout.say("rev-parse --verify --quiet", ref).code() == 0;
    if (tagged && checkout.say("diff --quiet " + ref + " HEAD --", files).code() != 0) {
      throw new SwitchException(
          "the tag %s marks another state of the stage's config; raise meta.version, or leave --tag out"
              .formatted(name));
    }
    return new StageTag(checkout, name);
  }

  public String name() {
    return name;
  }

  /** Commits the files that a switch has changed, and no others. */
  public void commit(ReleaseRepository repository, String title) throws IOException {
    String active = StoragePath.absolute(repository.activeFile());
    String log = StoragePath.resolve(StoragePath.folder(repository.activeFile()), SwitchLog.PLACE);
    GitCheckout.ProgramOutput added = checkout.say("add --", active, StoragePath.absolute(log));
    GitCheckout.ProgramOutput committed =
        added.code() == 0
            ? checkout.say("commit --quiet -m", title, "--", active, StoragePath.absolute(log))
            : added;
    if (committed.code() != 0 && checkout.say("diff --quiet HEAD --", active).code() != 0) {
      throw new SwitchException(
          "the stage is switched, but git could not commit it: " + committed.text());
    }
  }

  /** Makes the tag where it is not there yet. */
  public void create() throws IOException {
    if (checkout.say("rev-parse --verify --quiet", "refs/tags/" + name).code() != 0) {
      GitCheckout.ProgramOutput said = checkout.say("tag", name);
      if (said.code() != 0) {
        throw new SwitchException(
            "the stage is switched, but git could not make the tag " + name + ": " + said.text());
      }
    }
  }
}
