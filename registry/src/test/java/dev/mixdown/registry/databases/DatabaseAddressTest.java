package dev.mixdown.registry.databases;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mixdown.configs.problems.ConfigException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DatabaseAddressTest {
  private static DatabaseAddress of(String text) {
    return DatabaseAddress.of(text, Optional.empty());
  }

  @Test
  void sqlite_is_written_in_three_ways() {
    assertThat(of("/data/platform.db").file(), is("/data/platform.db"));
    assertThat(of("jdbc:sqlite:/data/platform.db").file(), is("/data/platform.db"));
    assertThat(of("sqlite:////data/platform.db").file(), is("/data/platform.db"));
    assertThat(of("sqlite:////data/platform.db?timeout=10").file(), is("/data/platform.db"));
    assertThat(of("/data/platform.db").dialect(), is(Dialect.SQLITE));
  }

  @Test
  void postgresql_is_written_as_jdbc_and_as_sqlalchemy_have_it() {
    for (String text :
        List.of(
            "jdbc:postgresql://db.example:5433/jobs?user=ana&password=s3cret%21",
            "postgresql://ana:s3cret%21@db.example:5433/jobs",
            "postgres://ana:s3cret%21@db.example:5433/jobs",
            "postgresql+psycopg2://ana:s3cret%21@db.example:5433/jobs",
            "postgresql+asyncpg://ana:s3cret%21@db.example:5433/jobs?application_name=x")) {
      DatabaseAddress address = of(text);
      assertThat(text, address.jdbc(), is("jdbc:postgresql://db.example:5433/jobs"));
      assertThat(text, address.properties().get("user"), is("ana"));
      assertThat(text, address.properties().get("password"), is("s3cret!"));
      assertThat(text, address.toString(), is("postgresql://db.example:5433/jobs"));
    }
  }

  @Test
  void a_password_with_any_character_stays_whole_and_unseen() {
    for (String password : List.of("p@ss", "p/ss", "p:ss", "p?ss", "p#ss", "@@", "p&x=y")) {
      DatabaseAddress address = of("postgresql://ana:" + password + "@db.example/jobs");
      assertThat(password, address.properties().get("password"), is(password));
      assertThat(address.toString(), is("postgresql://db.example/jobs"));
    }
  }

  @Test
  void the_password_beside_it_is_used_where_the_address_has_none() {
    DatabaseAddress beside = DatabaseAddress.of("postgresql://ana@db/jobs", Optional.of("other"));
    assertThat(beside.properties().get("password"), is("other"));
    DatabaseAddress own = DatabaseAddress.of("postgresql://ana:own@db/jobs", Optional.of("other"));
    assertThat(own.properties().get("password"), is("own"));
    assertThat(of("postgresql://db/jobs").properties().get("user"), is(nullValue()));
  }

  @Test
  void what_cannot_be_opened_is_refused_without_telling_a_password() {
    for (String text :
        List.of(
            "",
            " ",
            "mysql://ana:planted@db/jobs",
            "jdbc:oracle:thin:ana/planted@db",
            "s3://bucket/file.db",
            "postgresql://ana:planted@db",
            "jdbc:postgresql://ana:planted@db/",
            "mongodb+srv://ana:planted@db/x")) {
      ConfigException e = assertThrows(ConfigException.class, () -> of(text), text);
      assertThat(text, e.getMessage(), not(containsString("planted")));
    }
  }

  @Test
  void what_a_driver_says_tells_no_password() {
    String right = PostgreSql.newDatabase();
    for (String text :
        List.of(
            right.replace("postgres:postgres@", "nobody:planted-7Fq@"),
            right
                .replaceFirst("localhost:\\d+", "localhost:1")
                .replace(":postgres@", ":planted-7Fq@"),
            right
                .replace(":postgres@", ":planted-7Fq@")
                .replaceFirst("/test\\d+$", "/no_such_database"),
            right.replace("postgres:postgres@", "postgres:x@")
                + "?sslmode=planted-7Fq&password=planted-7Fq")) {
      DatabaseException e =
          assertThrows(
              DatabaseException.class,
              () ->
                  Database.open(of(text), Database.Access.WRITE).read(h -> h.execute("SELECT x")));
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      assertThat(trace.toString(), not(containsString("planted-7Fq")));
      assertThat(trace.toString(), not(containsString("postgres:postgres")));
    }
  }
}
