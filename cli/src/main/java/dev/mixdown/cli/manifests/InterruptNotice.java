package dev.mixdown.cli.manifests;

import dev.mixdown.storage.Causes;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;

/** What a preparation says when a signal ends the process: what is kept, and how to go on. */
final class InterruptNotice {
  private InterruptNotice() {}

  /** Tells a run that the process is being ended; whether one was under way. */
  interface Interruption {
    boolean interrupted() throws IOException;
  }

  /**
   * Does the work of a run, and gives the notice where the process is ended meanwhile.
   *
   * @param workspace where what was read is kept
   */
  static <T> T during(
      Interruption interruption, String workspace, PrintWriter err, Callable<T> work)
      throws Exception {
    Thread notice = new Thread(() -> say(interruption, workspace, err));
    Runtime.getRuntime().addShutdownHook(notice);
    try {
      return work.call();
    } finally {
      keepQuiet(notice);
    }
  }

  private static void say(Interruption interruption, String workspace, PrintWriter err) {
    try {
      if (interruption.interrupted()) {
        err.printf(
            "mixdown: interrupted; the manifest that was current still is, and what was read is kept in %s%n"
                + "  Run the same command again to go on%n",
            workspace);
      }
    } catch (IOException e) {
      err.println("mixdown: interrupted, and the run could not be recorded" + Causes.inBrackets(e));
    }
    err.flush();
  }

  private static void keepQuiet(Thread notice) {
    try {
      Runtime.getRuntime().removeShutdownHook(notice);
    } catch (IllegalStateException e) {
      // The process is being ended already: the notice is being given.
    }
  }
}
