package dev.mixdown.registry.platform;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.problems.Place;
import dev.mixdown.configs.problems.Problem;
import dev.mixdown.registry.databases.Dialect;
import dev.mixdown.registry.databases.LiveSchema;
import dev.mixdown.registry.databases.LiveSchema.LiveTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What brings a database to the tables of the platform's second phase. It looks at the tables that
 * are there; whatever it does not know stays as it is.
 *
 * @param statements in their order; none where nothing is missing
 */
public record Migration(List<String> statements) {
  /**
   * What a database lacks.
   *
   * @param place the database's address, for messages
   * @throws ConfigException when it has a known column of another type, or a view by a table's name
   */
  public static Migration of(LiveSchema live, Dialect dialect, String place) {
    List<String> statements = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    boolean fresh = PlatformSchema.TABLES.stream().noneMatch(table -> live.has(table.name()));
    if (fresh) {
      PlatformSchema.types(dialect).forEach(type -> statements.add(type.sql()));
    }
    for (Table table : PlatformSchema.TABLES) {
      Optional<LiveTable> there = live.table(table.name());
      if (there.isPresent()) {
        complete(table, there.get(), dialect, statements, problems, place);
      } else if (live.views().contains(table.name())) {
        problems.add(
            problem(place, table.name() + " is a view; rename it, or name another database"));
      } else {
        statements.addAll(table.sql(dialect));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException("the database", problems);
    }
    return new Migration(statements);
  }

  private static void complete(
      Table table,
      LiveTable live,
      Dialect dialect,
      List<String> statements,
      List<Problem> problems,
      String place) {
    for (Column column : table.columns()) {
      String type = live.columns().get(column.name());
      if (type == null) {
        if (column.required() && column.standard() == null) {
          problems.add(
              problem(
                  place,
                  "%s has no column %s, which its rows must have; this is not the platform's table"
                      .formatted(table.name(), column.name())));
        } else {
          statements.add("ALTER TABLE " + table.name() + " ADD COLUMN " + column.sql(dialect));
        }
      } else if (!column.accepts(type, dialect)) {
        problems.add(
            problem(
                place,
                "%s.%s is of the type %s, not %s; rename that column first, or name another database"
                    .formatted(table.name(), column.name(), type, column.type().sql(dialect))));
      }
    }
    for (Table.Index index : table.indexes()) {
      if (!live.indexes().contains(index.name(table.name())) && isOfSecondPhase(table, index)) {
        statements.add(index.sql(table.name()));
      }
    }
  }

  /** Indexes of the first phase that somebody has removed stay away. */
  private static boolean isOfSecondPhase(Table table, Table.Index index) {
    return table.equals(PlatformSchema.VERSIONS)
        || (table.equals(PlatformSchema.JOBS)
            && (index.column().equals("recipe_id")
                || index.column().equals("dataset_version_hash")));
  }

  private static Problem problem(String place, String message) {
    return new Problem(Place.of(place), "", message);
  }
}
