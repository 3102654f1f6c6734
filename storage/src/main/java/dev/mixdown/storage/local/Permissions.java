package dev.mixdown.storage.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Who may read and write the files that several people share. */
final class Permissions {
  private static final Set<PosixFilePermission> EXECUTE =
      EnumSet.of(
          PosixFilePermission.OWNER_EXECUTE,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_EXECUTE);

  private Permissions() {}

  /** Lets those who may write into a folder write to a file or folder that was made in it. */
  static void likeItsFolder(Path made, Path folder) throws IOException {
    if (Files.getFileAttributeView(made, PosixFileAttributeView.class) == null) {
      return;
    }
    Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(folder));
    if (!Files.isDirectory(made)) {
      permissions.removeAll(EXECUTE);
    }
    Files.setPosixFilePermissions(made, permissions);
  }

  /** Gives a file the permissions of one that it is to replace, where there is one. */
  static void like(Path file, Path replaced) throws IOException {
    if (Files.exists(replaced)
        && Files.getFileAttributeView(file, PosixFileAttributeView.class) != null) {
      Files.setPosixFilePermissions(file, Files.getPosixFilePermissions(replaced));
    }
  }
}
