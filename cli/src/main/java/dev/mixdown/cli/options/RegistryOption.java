package dev.mixdown.cli.options;

import dev.mixdown.cli.output.RootCommand;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.RegistryIndex;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The registry, and the workspace that its index is kept in. */
public class RegistryOption {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // Picocli sets it.
  private CommandSpec spec;

  @Mixin private RegistryFolderOption folder = new RegistryFolderOption();

  @Mixin private WorkspaceOption workspace = new WorkspaceOption();

  final CommandSpec spec() {
    return spec;
  }

  final Settings settings() {
    return RootCommand.of(spec).settings();
  }

  /** The registry that is named; else what the environment names; else the usual one. */
  public final Registry registry() throws IOException {
    return registry(settings());
  }

  private Registry registry(Settings base) throws IOException {
    String path = folder.in(base).registry();
    if (!StoragePath.isSupported(path)) {
      throw badUsage(path, StoragePath.cannotOpen(path));
    }
    return new Registry(
        base.storage(), path, damage -> spec.commandLine().getErr().println("Note: " + damage));
  }

  /**
   * The registry, which has to be there if its folder is named by hand: a misspelt one must not
   * look like an empty one.
   */
  public final Registry existing() throws IOException {
    return existing(settings());
  }

  /**
   * The same, with other settings than those of the environment.
   *
   * @param base which may name another output folder
   */
  public final Registry existing(Settings base) throws IOException {
    Registry registry = registry(base);
    if (folder.in(base).namesRegistry()
        && StoragePath.scheme(registry.folder()).isEmpty()
        && Files.notExists(Path.of(registry.folder()))) {
      throw badUsage(folder.in(base).registry(), "there is no such folder");
    }
    return registry;
  }

  /**
   * Whether there is no registry yet.
   *
   * @throws ParameterException when it cannot be made
   */
  public final boolean mustBeMade() throws IOException {
    String path = registry().folder();
    if (!settings().storage().isWritable(path)) {
      throw badUsage(path, "nothing can be written there; choose another folder");
    }
    return StoragePath.scheme(path).isEmpty() && Files.notExists(Path.of(path));
  }

  private ParameterException badUsage(String path, String message) {
    return new ParameterException(
        spec.commandLine(), Settings.REGISTRY + " " + path + ": " + message);
  }

  /** All entries, in summary. */
  public final RegistryIndex index() throws IOException {
    return RegistryIndex.of(registry(), workspace().folder());
  }

  /** The settings, with the workspace of this option. */
  public final Settings located() {
    return workspace.in(settings());
  }

  /** The workspace. */
  public final Workspace workspace() {
    return workspace.in(settings()).workspace();
  }
}
