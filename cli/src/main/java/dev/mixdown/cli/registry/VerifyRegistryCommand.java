package dev.mixdown.cli.registry;

import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.registry.EntryKind;
import dev.mixdown.registry.RegistryCheck;
import dev.mixdown.transforms.bytes.DataProblem;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reads every entry of a registry, and checks it against its digest. */
@Command(
    name = "verify",
    description = {
      "Read every entry, and check that it is what was written.",
      "",
      "Ends with 3 where an entry is damaged or was changed by hand, and names its file."
    },
    sortOptions = false)
final class VerifyRegistryCommand extends JsonCommand {
  @Mixin private RegistryOption registryOption = new RegistryOption();

  @Override
  public Integer call() throws Exception {
    RegistryCheck check = RegistryCheck.of(storage(), registryOption.existing().folder());
    if (!check.damaged().isEmpty()) {
      throw new DataException(
          check.damaged().stream()
              .map(
                  damage ->
                      DataProblem.of(
                          damage.path(),
                          damage.reason() + "; restore it from a copy, or remove it"))
              .toList());
    }
    if (json()) {
      print(check.json());
      return 0;
    }
    List<String> words = new ArrayList<>();
    check
        .entries()
        .forEach(
            (kind, count) ->
                words.add(
                    // One of them has hundreds of jobs.
                    kind.equals(EntryKind.JOBS)
                        ? Counts.of(count, "report on jobs", "reports on jobs")
                        : Counts.of(count, kind.folder().replaceFirst("s$", ""))));
    out().println("Good: " + String.join(", ", words) + " in " + check.registry());
    return 0;
  }
}
