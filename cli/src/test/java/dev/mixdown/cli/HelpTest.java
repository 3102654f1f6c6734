package dev.mixdown.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HelpTest {
  @Test
  void help_shows_what_the_option_shows_for_commands_of_any_depth() {
    for (String[] words : new String[][] {{}, {"prepare"}, {"stage", "check"}, {"manifests"}}) {
      String[] help = new String[words.length + 1];
      help[0] = "help";
      System.arraycopy(words, 0, help, 1, words.length);
      String[] option = java.util.Arrays.copyOf(words, words.length + 1);
      option[words.length] = "--help";
      Cli.Result result = Cli.plain(help);
      assertThat(result.code(), is(0));
      assertThat(result.out(), is(Cli.plain(option).out()));
      assertThat(result.out(), startsWith("Usage: mixdown"));
    }
    Cli.Result unknown = Cli.plain("help", "stage", "chek");
    assertThat(unknown.code(), is(2));
    assertThat(unknown.err(), containsString("\"chek\" is not a command of mixdown stage"));
  }

  @Test
  void words_of_other_tools_lead_to_ours_and_each_of_these_is_a_command() {
    assertThat(Cli.plain("ls").err(), containsString("Did you mean: mixdown manifests list?"));
    assertThat(Cli.plain("blend", "x").err(), containsString("Did you mean: mixdown plan?"));
    assertThat(Cli.plain("prepar").err(), containsString("Did you mean: mixdown prepare"));
    for (String command : OtherNames.COMMANDS.values()) {
      Cli.Result help = Cli.plain(("help " + command).split(" "));
      assertThat(command + help.err(), help.code(), is(0));
    }
  }

  @Test
  void a_variable_that_cannot_be_is_an_error_for_programs_too() {
    Cli.Result result = Cli.plain(Map.of("S3_PATH_STYLE", "yes"), "settings", "--json");
    assertThat(result.code(), is(2));
    assertThat(
        result.json().path("errors").get(0).path("message").asText(),
        containsString("S3_PATH_STYLE is \"yes\""));
  }
}
