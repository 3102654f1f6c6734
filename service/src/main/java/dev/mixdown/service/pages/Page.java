package dev.mixdown.service.pages;

import java.util.List;

/**
 * What every page has.
 *
 * @param title of the page
 * @param section the link that is marked; empty for none
 * @param mayWrite whether the reader may change something
 * @param asksForToken whether signing in would change that
 * @param repository the release repository's folder
 */
public record Page(
    String title,
    String section,
    boolean mayWrite,
    boolean asksForToken,
    String repository,
    List<String> styles,
    List<String> scripts,
    List<String> modules) {
  /** A link at the top of every page. */
  public record Link(String name, String path) {}

  /** The links at the top of every page. */
  public static final List<Link> LINKS =
      List.of(
          new Link("Now", "/"),
          new Link("Stages", "/stages"),
          new Link("Manifests", "/manifests"),
          new Link("Samples", "/samples"),
          new Link("Lineage", "/lineage"),
          new Link("Recipes", "/recipes"),
          new Link("Jobs", "/jobs"),
          new Link("Data", "/data"));

  /** The same, with a style sheet. */
  Page style(String name) {
    return new Page(
        title, section, mayWrite, asksForToken, repository, List.of(name), scripts, modules);
  }

  /** The same, with a script. */
  Page script(String name) {
    return new Page(
        title, section, mayWrite, asksForToken, repository, styles, List.of(name), modules);
  }

  /** The same, with a module. */
  Page module(String name) {
    return new Page(
        title, section, mayWrite, asksForToken, repository, styles, scripts, List.of(name));
  }
}
