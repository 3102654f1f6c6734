package dev.mixdown.service.access;

import dev.mixdown.service.http.HttpProblem;
import dev.mixdown.service.http.Request;
import io.javalin.http.Context;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who may call. Each rule is a row of the table in {@code docs/service.md}.
 *
 * <p>The name of the host is checked, since a page elsewhere can give its own name this machine's
 * address (DNS rebinding); where a call comes from is checked, since a browser sends calls for
 * pages elsewhere; and a token is asked for where there are any.
 */
public final class Access {
  /** The cookie that a page's form sets. */
  public static final String COOKIE = "mixdown_token";

  private static final String JSON = "application/json";

  private final Tokens tokens;
  private final boolean everyCall;
  private final Set<String> hosts = new HashSet<>(Set.of("localhost"));
  private final Set<String> origins;
  private final FailedCalls failed;

  /**
   * @param host that the service listens on
   * @param origins of pages elsewhere that may call, as {@code https://portal.example}
   */
  public Access(Tokens tokens, String host, List<String> origins, Clock clock) {
    this.tokens = tokens;
    this.everyCall = !isLocal(host);
    this.origins = Set.copyOf(origins.stream().map(o -> o.toLowerCase(Locale.ROOT)).toList());
    this.failed = new FailedCalls(clock);
    hosts.add(host.toLowerCase(Locale.ROOT));
    origins.forEach(origin -> hosts.add(String.valueOf(URI.create(origin).getHost())));
    if (everyCall) {
      machine().ifPresent(hosts::add);
    }
  }

  private static Optional<String> machine() {
    try {
      return Optional.of(InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** Whether a host is this machine alone. */
  public static boolean isLocal(String host) {
    return Set.of("127.0.0.1", "localhost", "::1", "[::1]").contains(host.toLowerCase(Locale.ROOT));
  }

  /**
   * Refuses a request under a name that is not this service's.
   *
   * @throws HttpProblem 400 without a name, 403 with another's
   */
  public void checkHost(Context context) {
    String named = context.header("Host");
    if (named == null || named.isBlank()) {
      throw HttpProblem.of(400, "the request has no Host header");
    }
    String host = named.toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", "");
    boolean isAddress = host.matches("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+\\]");
    if (!isAddress && !hosts.contains(host)) {
      throw HttpProblem.of(
          403,
          "this service is not called %s; use its address, or start it with --allow-origin"
              .formatted(host));
    }
  }

  /**
   * Who asks.
   *
   * @param writes whether the call is to change something
   * @throws HttpProblem 401 without a token where one is asked for, 429 after too many wrong ones
   */
  public String caller(Context context, boolean writes) {
    String address = context.req().getRemoteAddr();
    refuseGuesses(address);
    Optional<String> token = token(context);
    Optional<String> name = token.flatMap(tokens::nameOf);
    if (name.isPresent()) {
      return name.get();
    }
    if (tokens.isEmpty()) {
      return Request.LOCAL;
    }
    if (token.isPresent()) {
      failed.add(address);
    }
    if (token.isPresent() || writes || everyCall) {
      throw HttpProblem.of(
          401,
          token.isPresent()
              ? "the token is not known"
              : "a token is needed: send it as \"Authorization: Bearer TOKEN\" or \"X-API-KEY: TOKEN\"",
          Map.of("WWW-Authenticate", "Bearer"));
    }
    return Request.LOCAL;
  }

  private void refuseGuesses(String address) {
    if (failed.tooMany(address)) {
      throw HttpProblem.of(
          429,
          "too many calls with a wrong token; wait a minute",
          Map.of("Retry-After", String.valueOf(FailedCalls.TIME.toSeconds())));
    }
  }

  /** Whether a reader may write, as far as a page can know it. */
  public boolean mayWrite(Context context) {
    return tokens.isEmpty() || token(context).flatMap(tokens::nameOf).isPresent();
  }

  /**
   * Refuses a token that is nobody's.
   *
   * @throws HttpProblem 401, or 429 after too many
   */
  public void checkToken(Context context, String token) {
    String address = context.req().getRemoteAddr();
    refuseGuesses(address);
    if (tokens.nameOf(token).isEmpty()) {
      failed.add(address);
      throw HttpProblem.of(401, "the token is not known");
    }
  }

  /** Whether callers are asked for a token at all. */
  public boolean wantsTokens() {
    return !tokens.isEmpty();
  }

  private static Optional<String> token(Context context) {
    String bearer = context.header("Authorization");
    if (bearer != null && bearer.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return Optional.of(bearer.substring(7).strip());
    }
    return Optional.ofNullable(context.header("X-API-KEY"))
        .map(String::strip)
        .or(() -> Optional.ofNullable(context.cookie(COOKIE)));
  }

  /**
   * Refuses what a page elsewhere makes a browser send.
   *
   * @throws HttpProblem 403
   */
  public void checkOrigin(Context context) {
    String origin = context.header("Origin");
    if (origin != null
        && !origins.contains(origin.toLowerCase(Locale.ROOT))
        && !isOwn(origin, String.valueOf(context.header("Host")))) {
      throw HttpProblem.of(
          403,
          "pages of %s may not call this service; start it with --allow-origin %s if they shall"
              .formatted(origin, origin));
    }
    if (origin == null && "cross-site".equals(context.header("Sec-Fetch-Site"))) {
      throw HttpProblem.of(403, "a page elsewhere may not call this service");
    }
  }

  private static boolean isOwn(String origin, String host) {
    return origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host);
  }

  /**
   * Refuses bodies that are not JSON: a form of a page elsewhere can send others without asking.
   *
   * @throws HttpProblem 415
   */
  public void checkJson(Context context) {
    String type = String.valueOf(context.contentType()).toLowerCase(Locale.ROOT);
    if (!type.equals(JSON) && !type.startsWith(JSON + ";")) {
      throw HttpProblem.of(415, "the body has to be JSON; set Content-Type: application/json");
    }
  }
}
