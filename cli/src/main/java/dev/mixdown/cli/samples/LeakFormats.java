package dev.mixdown.cli.samples;

import dev.mixdown.pipelines.leaks.LeakReport;
import java.util.ArrayList;
import java.util.List;

/** Leaks in the forms that a build server shows. */
final class LeakFormats {
  private LeakFormats() {}

  /**
   * Workflow commands of GitHub Actions: an error for each leak. What they may not have stands as
   * the commands' own escapes.
   */
  static List<String> github(LeakReport report) {
    List<String> lines = new ArrayList<>();
    for (LeakReport.Leak leak : report.leaks()) {
      lines.add(
          "::error title=%s::%s"
              .formatted(
                  property("leak in " + leak.subject()),
                  data(leak.subject() + ": " + leak.text())));
    }
    lines.add(
        "::notice title=mixdown leaks::%s"
            .formatted(data(report.count() + " leaks in " + report.checked().size() + " checks")));
    return lines;
  }

  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }

  /** JUnit XML: a test case for each check, failed where it has leaks. */
  static String junit(LeakReport report) {
    long failed = report.checked().stream().filter(c -> c.leaks() > 0).count();
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append(
        "<testsuite name=\"mixdown leaks\" tests=\"%d\" failures=\"%d\">%n"
            .formatted(report.checked().size(), failed));
    for (LeakReport.Checked one : report.checked()) {
      String name = "%s against %s".formatted(one.subject(), String.join(", ", one.against()));
      xml.append("  <testcase classname=\"mixdown.leaks\" name=\"%s\"".formatted(escaped(name)));
      if (one.leaks() == 0) {
        xml.append("/>\n");
        continue;
      }
      xml.append(">\n    <failure message=\"%d leaks\">".formatted(one.leaks()));
      report.leaks().stream()
          .filter(leak -> leak.subject().equals(one.subject()))
          .forEach(leak -> xml.append(escaped(leak.text())).append('\n'));
      xml.append("</failure>\n  </testcase>\n");
    }
    return xml.append("</testsuite>\n").toString();
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                default ->
                    // Other control characters are not allowed in XML, in any form.
                    escaped.appendCodePoint(c < ' ' && c != '\n' && c != '\t' ? '?' : c);
              }
            });
    return escaped.toString();
  }
}
