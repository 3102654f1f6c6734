package dev.mixdown.pipelines.stage;

import dev.mixdown.configs.ReleaseRepository;
import dev.mixdown.configs.ReleaseRepository.Resolution;
import dev.mixdown.configs.StageCatalog;
import dev.mixdown.configs.StageCatalog.Stage;
import dev.mixdown.configs.review.StageReview;
import dev.mixdown.configs.storage.Storage;
import dev.mixdown.configs.switching.SwitchException;
import dev.mixdown.configs.tree.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tag of a stage's release in git: {@code stage/STAGE/VERSION} on the commit that is out. */
final class StageTag {
  private final String folder;
  private final String name;

  private StageTag(String folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  /** What a git command said. */
  private record Said(int code, String text) {}

  /**
   * Finds out whether the tag can be made.
   *
   * @throws SwitchException when it cannot
   */
  static StageTag of(ReleaseRepository repository, String stage) throws IOException {
    String folder = repository.folder();
    if (Storage.scheme(folder).isPresent()
        || git(folder, "rev-parse", "--verify", "--quiet", "HEAD").code() != 0) {
      throw new SwitchException(
          folder + " is no git checkout with a commit, so it cannot be tagged; leave --tag out");
    }
    Optional<Stage> known =
        repository
            .catalog(new Problems())
            .map(StageCatalog::stages)
            .map(stages -> stages.get(stage));
    Optional<String> version =
        known.isEmpty()
            ? Optional.empty()
            : StageReview.of(repository, known.get()).configs().stream()
                .map(Resolution::config)
                .flatMap(config -> config.version().stream())
                .findFirst();
    String name =
        "stage/%s/%s"
            .formatted(
                stage,
                version.orElseThrow(
                    () ->
                        new SwitchException(
                            "the config of %s has no meta.version, which its tag is named after; add one, or leave --tag out"
                                .formatted(stage))));
    if (git(folder, "check-ref-format", "refs/tags/" + name).code() != 0) {
      throw new SwitchException("git allows no tag with the name " + name + "; leave --tag out");
    }
    Said tagged = git(folder, "rev-parse", "--verify", "--quiet", "refs/tags/" + name + "^{}");
    if (tagged.code() == 0 && !tagged.text().equals(git(folder, "rev-parse", "HEAD").text())) {
      throw new SwitchException(
          "the tag %s is on another commit, %s; raise meta.version, or leave --tag out"
              .formatted(name, tagged.text().substring(0, Math.min(10, tagged.text().length()))));
    }
    return new StageTag(folder, name);
  }

  String name() {
    return name;
  }

  /** Makes the tag where it is not there yet. */
  void create() throws IOException {
    if (git(folder, "rev-parse", "--verify", "--quiet", "refs/tags/" + name).code() != 0) {
      Said said = git(folder, "tag", name);
      if (said.code() != 0) {
        throw new SwitchException(
            "the stage is switched, but git could not make the tag " + name + ": " + said.text());
      }
    }
  }

  private static Said git(String folder, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return new Said(process.waitFor(), text);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while git was running", e);
    }
  }
}
