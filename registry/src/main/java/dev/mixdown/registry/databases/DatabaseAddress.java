package dev.mixdown.registry.databases;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.storage.StoragePath;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a database is. People write it as a file, as a JDBC URL, or in SQLAlchemy's form ({@code
 * sqlite:///file.db}, {@code postgresql+psycopg2://user:password@host/name}).
 *
 * <p>Who connects, and with which password, is kept apart: {@link #toString} has neither, so an
 * address may stand in any message.
 */
public final class DatabaseAddress {
  /** What messages call it. */
  private static final String WHAT = "the database";

  private static final Pattern SCHEME = Pattern.compile("^(jdbc:)?[\\w+.-]+:(//)?");
  private static final Pattern SQLITE = Pattern.compile("(?:jdbc:sqlite:|sqlite:///)(.*)");
  private static final Pattern POSTGRESQL =
      Pattern.compile("(?:jdbc:)?(?:postgresql|postgres)(?:\\+\\w+)?://(.*)");

  private final Dialect dialect;
  private final String place;
  private final Map<String, String> properties;

  private DatabaseAddress(Dialect dialect, String place, Map<String, String> properties) {
    this.dialect = dialect;
    this.place = place;
    this.properties = properties;
  }

  /**
   * Reads an address.
   *
   * @param password where the address has none
   * @throws ConfigException when it is none that can be opened
   */
  public static DatabaseAddress of(String text, Optional<String> password) {
    Matcher postgresql = POSTGRESQL.matcher(text);
    if (postgresql.matches()) {
      return postgresql(postgresql.group(1), password);
    }
    Matcher sqlite = SQLITE.matcher(text);
    String file = sqlite.matches() ? sqlite.group(1) : text;
    if (file.isBlank()
        || !StoragePath.isLocal(file)
        || file.contains("://")
        || file.startsWith("jdbc:")) {
      throw new ConfigException(
          WHAT,
          scheme(text),
          "this cannot be opened; name a file of SQLite, or jdbc:postgresql://HOST:PORT/NAME");
    }
    // Options behind a question mark are of other programs' drivers.
    return new DatabaseAddress(
        Dialect.SQLITE, StoragePath.absolute(file.replaceFirst("\\?.*$", "")), Map.of());
  }

  /** What may be shown of an address that nobody understands. */
  private static String scheme(String text) {
    Matcher scheme = SCHEME.matcher(text);
    return scheme.find() ? scheme.group() + "..." : text;
  }

  private static DatabaseAddress postgresql(String text, Optional<String> password) {
    Map<String, String> properties = new LinkedHashMap<>();
    int query = text.indexOf('?');
    int at = text.lastIndexOf('@', query < 0 ? text.length() : query);
    if (at < 0 && text.lastIndexOf('@') > query) {
      // A question mark in the password.
      at = text.lastIndexOf('@');
    }
    if (at >= 0) {
      String user = text.substring(0, at);
      int colon = user.indexOf(':');
      properties.put("user", decoded(colon < 0 ? user : user.substring(0, colon)));
      if (colon >= 0) {
        properties.put("password", decoded(user.substring(colon + 1)));
      }
    }
    String rest = text.substring(at + 1);
    query = rest.indexOf('?');
    if (query >= 0) {
      for (String one : rest.substring(query + 1).split("&", -1)) {
        int equals = one.indexOf('=');
        if (equals > 0) {
          properties.put(one.substring(0, equals), decoded(one.substring(equals + 1)));
        }
      }
      rest = rest.substring(0, query);
    }
    if (!rest.matches("[^/]*/[^/]+")) {
      throw new ConfigException(
          WHAT,
          "postgresql://" + rest,
          "it names no database; write jdbc:postgresql://HOST:PORT/NAME");
    }
    password.ifPresent(p -> properties.putIfAbsent("password", p));
    return new DatabaseAddress(Dialect.POSTGRESQL, rest, properties);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /** What it speaks. */
  public Dialect dialect() {
    return dialect;
  }

  /** The file of a database of SQLite. */
  public String file() {
    if (dialect != Dialect.SQLITE) {
      throw new IllegalStateException(this + " is not a file");
    }
    return place;
  }

  /** The address of its driver; nothing in it is secret. */
  String jdbc() {
    return dialect == Dialect.SQLITE ? "jdbc:sqlite:" + place : "jdbc:postgresql://" + place;
  }

  /** The address of a file that nobody writes. */
  String immutableJdbc() {
    String path = place.replace("%", "%25").replace("?", "%3f").replace("#", "%23");
    return "jdbc:sqlite:file:" + path + "?immutable=1";
  }

  /** Who connects and how; secret. */
  Map<String, String> properties() {
    return properties;
  }

  /** A text without what is secret in this address. */
  String masked(String text) {
    String masked = text;
    for (Map.Entry<String, String> property : properties.entrySet()) {
      boolean secret =
          property.getKey().toLowerCase(Locale.ROOT).contains("pass")
              || property.getKey().equals("user");
      if (secret && property.getKey().length() > 0 && property.getValue().length() > 2) {
        masked = masked.replace(property.getValue(), "***");
      }
    }
    return masked;
  }

  /** The address without who connects. */
  @Override
  public String toString() {
    return dialect == Dialect.SQLITE ? place : "postgresql://" + place;
  }
}
