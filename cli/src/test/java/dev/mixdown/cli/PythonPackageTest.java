package dev.mixdown.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the tests of the Python package, which prepare manifests with this build and read them. */
class PythonPackageTest {
  @TempDir Path folder;

  @Test
  void the_python_package_reads_what_mixdown_writes() throws Exception {
    PythonEnvironment.programs();
    TestFiles.launcher(folder);
    ProcessBuilder tests =
        new ProcessBuilder(TestFiles.root().resolve("python/test").toString(), "--color=no")
            .redirectErrorStream(true);
    tests.environment().put("MIXDOWN", folder.resolve("mixdown").toString());
    Process process = tests.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    assertThat(printed, code, is(0));
    assertThat(printed, containsString(" passed"));
  }
}
