package dev.mixdown.cli.options;

import dev.mixdown.registry.Registry;
import dev.mixdown.registry.RegistryIndex;
import dev.mixdown.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The registry, and the workspace that its index is kept in. */
public final class RegistryOption {
  /** The output folder of the README. */
  private static final String USUAL_OUTPUT = "out";

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Mixin private RegistryFolderOption folder = new RegistryFolderOption();

  @Mixin private WorkspaceOption workspace = new WorkspaceOption();

  /** The registry that is named; else what the environment names; else the usual one. */
  public Registry store() throws IOException {
    String path = folder.folder(USUAL_OUTPUT);
    if (!Storage.isSupported(path)) {
      throw new ParameterException(
          spec.commandLine(), "--registry " + path + ": " + Storage.cannotOpen(path));
    }
    return new Registry(path, damage -> spec.commandLine().getErr().println("Note: " + damage));
  }

  /** The registry, whose damaged entries are taken by the caller. */
  public Registry existing(Consumer<Registry.Damage> damaged) throws IOException {
    return new Registry(existing().folder(), damaged);
  }

  /**
   * The registry, which has to be there if its folder is named by hand: whoever mistypes it must
   * not take it for an empty one.
   */
  public Registry existing() throws IOException {
    Registry store = store();
    if (folder.named().isPresent()
        && Storage.scheme(store.folder()).isEmpty()
        && Files.notExists(Path.of(store.folder()))) {
      throw new ParameterException(
          spec.commandLine(), "--registry " + folder.named().get() + ": there is no such folder");
    }
    return store;
  }

  /**
   * Whether there is no registry yet.
   *
   * @throws ParameterException when it cannot be made
   */
  public boolean mustBeMade() throws IOException {
    String path = store().folder();
    if (!Storage.isWritable(path)) {
      throw new ParameterException(
          spec.commandLine(),
          "--registry " + path + ": nothing can be written there; choose another folder");
    }
    return Storage.scheme(path).isEmpty() && Files.notExists(Path.of(path));
  }

  /** All entries, in summary. */
  public RegistryIndex index() throws IOException {
    return RegistryIndex.of(store(), workspace());
  }

  /** The workspace. */
  public String workspace() {
    return workspace.folder();
  }
}
