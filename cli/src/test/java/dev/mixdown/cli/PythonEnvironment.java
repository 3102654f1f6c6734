package dev.mixdown.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The Python environment that has the project's Python package, for tests that need one. */
final class PythonEnvironment {
  /** What the script ends with where Python, or what the tests need, cannot be had. */
  private static final int MISSING = 77;

  private PythonEnvironment() {}

  /** The folder of its programs; the test is skipped where there can be none. */
  static Path programs() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(TestFiles.root().resolve("python/environment").toString())
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    Assumptions.assumeTrue(code != MISSING, printed);
    if (code != 0) {
      throw new IOException(printed);
    }
    return TestFiles.root().resolve("python/.venv/bin");
  }
}
