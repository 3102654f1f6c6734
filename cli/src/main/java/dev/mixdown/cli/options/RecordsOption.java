package dev.mixdown.cli.options;

import dev.mixdown.registry.RecordIndex;
import dev.mixdown.registry.RecordStore;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the record store is, and the workspace that its index is kept in. */
public final class RecordsOption {
  /** The store's name beside what a prepare makes. */
  public static final String NAME = "records";

  /** Where a prepare puts it whose output is called as in the README. */
  private static final String USUAL = "out/" + NAME;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Option(
      names = "--records",
      paramLabel = "DIR",
      order = 80,
      description =
          "The record store (default: $MIXDOWN_RECORDS, else out/records, where prepare puts it"
              + " beside --output out).")
  private @Nullable String records;

  @Option(
      names = "--workspace",
      paramLabel = "DIR",
      order = 81,
      description = "Where indexes are kept (default: $MIXDOWN_WORKSPACE, else ~/.cache/mixdown).")
  private @Nullable String workspace;

  /** The store that is named; else what MIXDOWN_RECORDS names; else the usual one. */
  public RecordStore store() {
    String folder = folder(records, USUAL);
    if (!Storage.isSupported(folder)) {
      throw new ParameterException(
          spec.commandLine(), "--records " + folder + ": " + Storage.cannotOpen(folder));
    }
    return new RecordStore(
        folder, damage -> spec.commandLine().getErr().println("Note: " + damage));
  }

  /** The store, whose damaged records are taken by the caller. */
  public RecordStore existing(Consumer<RecordStore.Damage> damaged) throws IOException {
    return new RecordStore(existing().folder(), damaged);
  }

  /**
   * The store, which has to be there if its folder is named by hand: whoever mistypes it must not
   * take it for an empty one.
   */
  public RecordStore existing() throws IOException {
    RecordStore store = store();
    if (records != null
        && Storage.scheme(store.folder()).isEmpty()
        && Files.notExists(Path.of(store.folder()))) {
      throw new ParameterException(
          spec.commandLine(), "--records " + records + ": there is no such folder");
    }
    return store;
  }

  /**
   * Whether there is no store yet.
   *
   * @throws ParameterException when it cannot be made
   */
  public boolean mustBeMade() throws IOException {
    String folder = store().folder();
    if (!Storage.isWritable(folder)) {
      throw new ParameterException(
          spec.commandLine(),
          "--records " + folder + ": nothing can be written there; choose another folder");
    }
    return Storage.scheme(folder).isEmpty() && Files.notExists(Path.of(folder));
  }

  /** A store's folder: the one that is named, else what MIXDOWN_RECORDS names, else the last. */
  public static String folder(@Nullable String named, String otherwise) {
    String variable = System.getenv("MIXDOWN_RECORDS");
    return named != null ? named : variable != null && !variable.isBlank() ? variable : otherwise;
  }

  /** All records of the store, in summary. */
  public RecordIndex index() throws IOException {
    return RecordIndex.of(store(), workspace());
  }

  /** The workspace. */
  public String workspace() {
    return Workspaces.folder(workspace);
  }
}
