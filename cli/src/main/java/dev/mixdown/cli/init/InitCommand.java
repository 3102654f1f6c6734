package dev.mixdown.cli.init;

import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.cli.output.Table;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.pipelines.init.DataLook;
import dev.mixdown.pipelines.init.NewRelease;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a release repository for data that has none. */
@Command(
    name = "init",
    description = {
      "Look at data and write a release repository for it, which can be prepared at once.",
      "",
      "Each file or folder becomes a dataset; a folder that has only folders becomes one for each of"
          + " them. Files that are there are never written over, and nothing is asked."
    },
    sortOptions = false)
public final class InitCommand extends JsonCommand {
  private static final int FIELDS_SHOWN = 6;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Where the repository is made (default: the working directory).")
  private String folder = ".";

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  /** The user's data, or an example. */
  static final class Source {
    @Option(
        names = "--data",
        required = true,
        arity = "1..*",
        paramLabel = "FILE|FOLDER",
        description = "The data: files, folders or patterns, also in object stores.")
    private List<String> data = new ArrayList<>();

    @Option(
        names = "--example",
        required = true,
        description = "Write two small datasets into DIR/data, and take these.")
    private boolean example;
  }

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      defaultValue = "pretraining",
      description = "The name of the stage (default: ${DEFAULT-VALUE}).")
  private String stage = "pretraining";

  @Override
  public Integer call() throws Exception {
    if (!StageCatalog.isKey(stage)) {
      throw badUsage(
          "--stage: \"%s\" cannot be a stage's key: it becomes a file's name".formatted(stage));
    }
    NewRelease.Outcome made;
    try {
      NewRelease release = new NewRelease(storage(), folder, stage);
      made = source.example ? release.makeExample() : release.make(source.data);
    } catch (IllegalArgumentException e) {
      throw badUsage(String.valueOf(e.getMessage()));
    }
    if (json()) {
      print(made.json());
    } else {
      print(made);
    }
    return 0;
  }

  private void print(NewRelease.Outcome made) {
    Table table = new Table("dataset", "format", ">files", ">records", "fields");
    for (DataLook dataset : made.datasets()) {
      table.row(
          dataset.name(),
          String.join(", ", dataset.formats()),
          Counts.number(dataset.shards()),
          dataset.records().isPresent()
              ? (dataset.exact() ? "" : "about ") + Counts.number(dataset.records().getAsLong())
              : "-",
          fields(dataset.fieldNames()));
    }
    table.print(out());
    for (DataLook dataset : made.datasets()) {
      if (!dataset.categoryFields().isEmpty()) {
        out()
            .printf(
                "%s: could be categories: %s%n",
                dataset.name(), String.join(", ", dataset.categoryFields()));
      }
    }
    made.files().forEach(file -> out().println("Wrote " + file));
    String repo = folder.equals(".") ? "" : " --repo " + folder;
    out().printf("Next:  mixdown plan%s%n", repo);
  }

  private static String fields(List<String> names) {
    return names.size() <= FIELDS_SHOWN
        ? String.join(", ", names)
        : "%s, ... (%d)".formatted(String.join(", ", names.subList(0, FIELDS_SHOWN)), names.size());
  }
}
