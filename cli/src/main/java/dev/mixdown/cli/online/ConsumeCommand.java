package dev.mixdown.cli.online;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.registry.streams.Consumer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sets how far a trainer has come, or removes it. */
@Command(
    name = "consume",
    description = {
      "Say how far a trainer has come, or remove one that will not read on.",
      "",
      "Trainers that use the Python reader say it themselves. While a consumer is known, keep: needed"
          + " keeps what it has not read, and max_unread waits for it."
    },
    sortOptions = false)
public final class ConsumeCommand extends StreamCommand {
  @Parameters(index = "0", paramLabel = "NAME", description = "The consumer.")
  private String name = "";

  @Option(
      names = "--position",
      paramLabel = "N",
      description = "The lowest position that it still needs.")
  private @Nullable Long position;

  @Option(names = "--remove", description = "Remove the consumer.")
  private boolean remove;

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      description = "The stage (default: TRAINING_STAGE, else the active stage).")
  private @Nullable String stage;

  @Override
  public Integer call() throws Exception {
    if ((position == null) != remove) {
      throw badUsage("Say where the consumer is with --position N, or remove it with --remove");
    }
    if (!name.matches(Consumer.NAMES)) {
      throw badUsage(
          "a consumer's name has letters, digits, dots, dashes and underscores, 64 at most; \"%s\" has others"
              .formatted(name));
    }
    Located stream = stream(stage);
    String file = stream.folder().file(Consumer.file(name));
    Optional<byte[]> before = storage().read(file);
    ObjectNode json = Json.object().put("name", name).put("removed", remove);
    if (remove) {
      if (before.isEmpty()) {
        throw badUsage(
            "the stream has no consumer \"%s\"; online status names those that it has"
                .formatted(name));
      }
      storage().delete(List.of(file));
    } else if (position != null) {
      if (position < 0) {
        throw badUsage("--position is %d; it may not be below 0".formatted(position));
      }
      storage().makeFolder(stream.folder().file("consumers"));
      storage().write(file, new Consumer(name, position, clock().instant().toString()).bytes());
      json.put("position", position);
    }
    if (json()) {
      print(json);
    } else if (position == null) {
      out().printf("Consumer %s is removed%n", name);
    } else {
      out().printf("Consumer %s needs position %,d and what follows%n", name, position);
    }
    return 0;
  }
}
