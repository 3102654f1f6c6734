package dev.mixdown.cli.output;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TableTest {
  private static String printed(Table table, int terminal) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    table.print(out, terminal);
    out.flush();
    return text.toString();
  }

  private static Table datasets() {
    Table table = new Table("dataset", ">records", "why");
    table.row("toll_station_scenarios_refined", "1,700", "its capacity is less than its share");
    table.row("short", "3", "");
    return table;
  }

  @Test
  void a_wide_terminal_has_a_line_for_each_row() {
    assertThat(
        printed(datasets(), 100),
        is(
            """
            dataset                         records  why
            toll_station_scenarios_refined    1,700  its capacity is less than its share
            short                                 3
            """));
  }

  @Test
  void on_a_narrow_one_texts_go_on_in_the_next_line_and_numbers_stay_whole() {
    assertThat(
        printed(datasets(), 45),
        is(
            """
            dataset            records  why
            toll_station_        1,700  its capacity is
            scenarios_refined           less than its
                                        share
            short                    3
            """));
  }

  @Test
  void no_line_is_wider_than_the_terminal_and_no_character_is_lost() {
    Random random = new Random(5);
    for (int round = 0; round < 200; round++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(60);
      for (int i = 0; i < length; i++) {
        text.appendCodePoint("ab_- /,深é".codePointAt(random.nextInt(9)));
      }
      int width = 2 + random.nextInt(20);
      List<String> lines = TerminalText.wrapped(text.toString(), width);
      lines.forEach(line -> assertThat(DisplayWidth.of(line), lessThanOrEqualTo(width)));
      assertThat(String.join("", lines).replace(" ", ""), is(text.toString().replace(" ", "")));
    }
  }
}
