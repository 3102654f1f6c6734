package dev.mixdown.service.pages;

import dev.mixdown.service.access.Access;
import dev.mixdown.service.http.Answer;
import dev.mixdown.service.site.Site;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.javalin.http.Context;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Makes pages of templates. Texts in them are escaped by the place where they stand. */
public final class Renderer {
  private static final String PAGE = "page";

  private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);
  private final Access access;
  private final Site site;

  public Renderer(Access access, Site site) {
    this.access = access;
    this.site = site;
  }

  /** A parameter of a request; empty where it is not there. */
  static String said(Context context, String name) {
    return Objects.requireNonNullElse(context.queryParam(name), "").strip();
  }

  /** What a page of a request has. */
  Page page(Context context, String title, String section) {
    boolean mayWrite = access.mayWrite(context);
    return new Page(
        title,
        section,
        mayWrite,
        access.wantsTokens() && !mayWrite,
        site.repository().folder(),
        List.of(),
        List.of(),
        List.of());
  }

  /** A page of a template. */
  Answer render(String template, Page page, Map<String, Object> values) {
    Map<String, Object> all = new HashMap<>(values);
    all.put(PAGE, page);
    StringOutput out = new StringOutput(16 << 10);
    templates.render(template + ".jte", all, out);
    return Answer.of(Answer.HTML, out.toString());
  }
}
