package dev.mixdown.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;

/** Answers a question in DuckDB, in a process of its own, with two threads and 4 GB. */
public final class DuckDb {
  private DuckDb() {}

  /**
   * Answers a question.
   *
   * @param args statements; what the last one finds is printed
   */
  public static void main(String[] args) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET threads = 2");
      statement.execute("SET memory_limit = '4GB'");
      for (int i = 0; i < args.length - 1; i++) {
        statement.execute(args[i]);
      }
      try (ResultSet found = statement.executeQuery(args[args.length - 1])) {
        found.next();
        System.out.println(found.getString(1));
      }
    }
  }

  /** How many samples of a manifest another one does not have: an anti-join over the parts. */
  static Bench.Run antiJoin(Path manifest, Path other) throws Exception {
    return Bench.java(
        List.of(),
        DuckDb.class,
        "SELECT count(*) FROM '%s/part-*.parquet' a WHERE NOT EXISTS (SELECT 1 FROM '%s/part-*.parquet' b WHERE a.identity = b.identity)"
            .formatted(manifest, other));
  }
}
