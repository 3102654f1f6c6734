package dev.mixdown.pipelines.init;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.List;
import org.junit.jupiter.api.Test;

class CsvLineTest {
  @Test
  void fields_lose_their_quotes_and_keep_what_was_in_them() {
    assertThat(
        CsvLine.fields("a,\"b, \"\"c\"\"\n\",,d\"e", ','),
        is(List.of("a", "b, \"c\"\n", "", "d\"e")));
    assertThat(CsvLine.fields("", ','), is(List.of("")));
  }

  @Test
  void the_delimiter_is_the_one_that_the_header_has_most_often() {
    assertThat(CsvLine.delimiter("id;the text, quoted;n"), is(';'));
    assertThat(CsvLine.delimiter("id\ttext"), is('\t'));
    assertThat(CsvLine.delimiter("a|b|c"), is('|'));
    assertThat(CsvLine.delimiter("\"a;b;c\",d"), is(','));
    assertThat(CsvLine.delimiter("alone"), is(','));
  }
}
