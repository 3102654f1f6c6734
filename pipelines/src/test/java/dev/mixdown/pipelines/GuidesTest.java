package dev.mixdown.pipelines;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sessions in README and guides, run as they stand there, print what stands there. */
class GuidesTest {
  private static final Pattern BLOCK = Pattern.compile("```\n(\\$ .*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  @Test
  void every_session_prints_what_the_guides_show() throws Exception {
    // The project as a user sees it: configs, and a command called mixdown.
    Files.createSymbolicLink(folder.resolve("configs"), TestFiles.root().resolve("configs"));
    TestFiles.launcher(folder);
    String guide = Files.readString(TestFiles.root().resolve("docs/reading-a-manifest.md"));
    Matcher reader =
        Pattern.compile("```python\n(\"\"\"Reads.*?)```", Pattern.DOTALL).matcher(guide);
    assertThat(reader.find(), is(true));
    TestFiles.write(folder.resolve("read_manifest.py"), reader.group(1));

    int commands = 0;
    for (String name : List.of("README.md", "docs/reading-a-manifest.md")) {
      Matcher blocks = BLOCK.matcher(Files.readString(TestFiles.root().resolve(name)));
      while (blocks.find()) {
        List<String> printed = new ArrayList<>();
        for (String line : blocks.group(1).lines().toList()) {
          if (line.startsWith("$ ")) {
            printed.add(line);
            run(line.substring(2)).lines().forEach(printed::add);
            commands++;
          }
        }
        assertThat(name, String.join("\n", printed), is(blocks.group(1).stripTrailing()));
      }
    }
    assertThat(commands, greaterThan(8));
  }

  private String run(String command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", command);
    builder.directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("MIXDOWN_WORKSPACE", folder.resolve("workspace").toString());
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return out;
  }
}
