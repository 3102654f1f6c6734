package dev.mixdown.distribution;

import dev.mixdown.cli.Mixdown;
import java.io.File;
import java.io.IOException;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes a page of AsciiDoc for each command, which the build turns into man pages. */
public final class CommandPages {
  private CommandPages() {}

  /**
   * Writes the pages.
   *
   * @param args the folder that the pages go into
   */
  public static void main(String[] args) throws IOException {
    boolean[] quiet = {};
    ManPageGenerator.generateManPage(
        new File(args[0]), null, quiet, true, Mixdown.describedCommandLine().getCommandSpec());
  }
}
