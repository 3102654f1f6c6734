package dev.mixdown.cli.manifests;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixdown.cli.VisibleText;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** Names from outside do not steer a terminal. */
class VisibleTextTest {
  private static String shown(String text) {
    StringWriter all = new StringWriter();
    PrintWriter out = new PrintWriter(new VisibleText(all));
    out.print(text);
    out.flush();
    return all.toString();
  }

  @Test
  void control_characters_and_directions_are_shown_and_all_else_stays() {
    assertThat(shown("\u001b[2Ja\u0007\u009b\u202eb"), is("\\u001b[2Ja\\u0007\\u009b\\u202eb"));
    assertThat(shown("基础\tå\n😀"), is("基础\tå\n😀"));
  }

  @Test
  void a_json_text_says_the_same() throws Exception {
    ObjectMapper json = new ObjectMapper();
    String text = json.writeValueAsString("a\u202e\u009b\u001b");
    assertThat(json.readValue(shown(text), String.class), is("a\u202e\u009b\u001b"));
  }
}
