package dev.mixdown.storage;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;

/** What libraries throw is told without the names of their classes. */
class CausesTest {
  @Test
  void no_message_has_a_class_or_a_place_of_a_library() throws Exception {
    List<Throwable> thrown =
        List.of(
            assertThrows(IOException.class, () -> new ObjectMapper().readTree("{\"a\": tru}")),
            assertThrows(IOException.class, () -> new ObjectMapper().readTree("[1, 2")),
            assertThrows(
                IOException.class, () -> new ObjectMapper().readValue("{\"x\": 1}", List.class)),
            assertThrows(
                PatternSyntaxException.class,
                () -> java.util.regex.Pattern.compile("[a".concat(""))),
            new RuntimeException("java.io.IOException: java.lang.IllegalStateException: it broke"),
            new IllegalStateException(new UncheckedIOException(new IOException("no bytes left"))),
            new NullPointerException(
                "Cannot invoke \"org.apache.parquet.schema.Type.getName()\" because x is null"),
            new IOException(
                "cut (StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)\n at [Source: REDACTED (`StreamReadFeature.X` disabled); line: 1]"));
    for (Throwable e : thrown) {
      String text = Causes.text(e);
      assertThat(
          text,
          text.matches("(?s).*(Exception|Error\\b|[a-z]+\\.[a-z]+\\.[A-Z]|\\[Source|REDACTED).*"),
          is(false));
    }
    assertThat(Causes.text(thrown.get(4)), is("it broke"));
    assertThat(Causes.text(thrown.get(5)), is("no bytes left"));
  }

  @Test
  void files_are_named_with_what_is_wrong() {
    assertThat(Causes.text(new NoSuchFileException("/x/a")), is("there is no /x/a"));
    assertThat(
        Causes.text(new AccessDeniedException("/x/a")),
        is("/x/a may not be read or written by this user"));
    assertThat(
        Causes.text(new FileSystemException("/x/a", null, "No space left on device")),
        is("/x/a: No space left on device"));
    assertThat(Causes.inBrackets(new IllegalStateException()), is(""));
  }
}
