package dev.mixdown.cli.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.cli.options.RegistryOption;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.configs.problems.Counts;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.registry.EntryKind;
import dev.mixdown.registry.Registry;
import dev.mixdown.transforms.bytes.DataProblem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reads every record of a store, and holds it against its digest. */
@Command(
    name = "verify",
    description = {
      "Read every entry, and check that it is what was written.",
      "",
      "Ends with 3 where an entry is damaged or was changed by hand, and names its file."
    },
    sortOptions = false)
final class VerifyRegistryCommand extends JsonCommand {
  private static final int BATCH = 4096;

  @Mixin private RegistryOption registry = new RegistryOption();

  @Override
  public Integer call() throws Exception {
    List<DataProblem> problems = new ArrayList<>();
    Registry store =
        registry.existing(
            damage ->
                problems.add(
                    DataProblem.of(
                        damage.path(),
                        damage.reason() + "; restore it from a copy, or remove it")));
    ObjectNode counts = Json.object();
    for (EntryKind<?> kind : EntryKind.ALL) {
      counts.put(kind.folder(), good(store, kind));
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    if (json()) {
      ObjectNode document = Json.object().put("registry", store.folder());
      document.set("entries", counts);
      print(document);
      return 0;
    }
    List<String> words = new ArrayList<>();
    counts
        .properties()
        .forEach(
            kind ->
                words.add(
                    Counts.of(kind.getValue().asLong(), kind.getKey().replaceFirst("s$", ""))));
    out().println("Good: " + String.join(", ", words) + " in " + store.folder());
    return 0;
  }

  private static long good(Registry store, EntryKind<?> kind) throws IOException {
    List<String> ids = store.ids(kind);
    long good = 0;
    for (int from = 0; from < ids.size(); from += BATCH) {
      good += store.readAll(kind, ids.subList(from, Math.min(from + BATCH, ids.size()))).size();
    }
    return good;
  }
}
