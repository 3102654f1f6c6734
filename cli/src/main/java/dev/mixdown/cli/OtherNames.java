package dev.mixdown.cli;

import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Our command for what other tools call otherwise. */
final class OtherNames {
  static final Map<String, String> COMMANDS =
      Map.ofEntries(
          Map.entry("ls", "manifests list"),
          Map.entry("list", "manifests list"),
          Map.entry("rm", "manifests prune"),
          Map.entry("clean", "manifests prune"),
          Map.entry("gc", "manifests prune"),
          Map.entry("cat", "show"),
          Map.entry("head", "show"),
          Map.entry("peek", "show"),
          Map.entry("view", "show"),
          Map.entry("export", "show"),
          Map.entry("sample", "show"),
          Map.entry("mix", "plan"),
          Map.entry("blend", "plan"),
          Map.entry("weights", "plan"),
          Map.entry("build", "prepare"),
          Map.entry("run", "prepare"),
          Map.entry("make", "prepare"),
          Map.entry("preprocess", "prepare"),
          Map.entry("index", "inspect"),
          Map.entry("info", "inspect"),
          Map.entry("count", "inspect"),
          Map.entry("check", "verify"),
          Map.entry("fsck", "verify"),
          Map.entry("validate", "stage validate-config"),
          Map.entry("lint", "stage validate-config"),
          Map.entry("switch", "stage switch-stage"),
          Map.entry("status", "stage status"),
          Map.entry("snapshot", "versions snapshot"),
          Map.entry("config", "settings"),
          Map.entry("env", "settings"));

  private OtherNames() {}

  /** What a first word that is not a command may mean; empty where nothing is known of it. */
  static Optional<String> command(ParameterException e) {
    boolean atRoot = e.getCommandLine().getParent() == null;
    return atRoot && e instanceof UnmatchedArgumentException unmatched
        ? unmatched.getUnmatched().stream().findFirst().map(COMMANDS::get)
        : Optional.empty();
  }
}
