package dev.mixdown.registry.imports;

import dev.mixdown.registry.catalog.Catalog;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * A catalog in a database that other programs write too. Their jobs, metrics and dataset versions
 * are taken into the registry before the catalog is refreshed or made again, so that it knows them.
 */
public final class SharedDatabase {
  private static final String OTHERS = "others";

  private SharedDatabase() {}

  /**
   * Brings a catalog up to date, where others have written since they were last taken in: by the
   * numbers of their rows and the time of the newest change.
   */
  public static void refreshIfChanged(Catalog catalog) throws IOException {
    String now = state(catalog);
    if (catalog.hasOthers() && !catalog.note(OTHERS).equals(Optional.of(now))) {
      refresh(catalog);
      catalog.note(OTHERS, now);
    }
  }

  private static String state(Catalog catalog) {
    return catalog
        .database()
        .read(
            handle ->
                handle
                    .createQuery(
                        "SELECT (SELECT count(*) FROM training_jobs),"
                            + " (SELECT max(updated_at) FROM training_jobs),"
                            + " (SELECT max(id) FROM training_metrics),"
                            + " (SELECT count(*) FROM dataset_versions)")
                    .map(
                        (row, context) ->
                            row.getString(1)
                                + " "
                                + row.getString(2)
                                + " "
                                + row.getString(3)
                                + " "
                                + row.getString(4))
                    .one());
  }

  /** Brings a catalog up to date, and reads all of the others' rows. */
  public static Catalog.Outcome refresh(Catalog catalog) throws IOException {
    Catalog.Outcome first = catalog.refresh();
    if (!catalog.hasOthers()) {
      return first;
    }
    takeIn(catalog);
    Catalog.Outcome second = catalog.refresh();
    return new Catalog.Outcome(
        first.entries() + second.entries(), first.rebuilt() || second.rebuilt());
  }

  /** Makes a catalog again. */
  public static Catalog.Outcome rebuild(Catalog catalog) throws IOException {
    if (catalog.hasOthers()) {
      takeIn(catalog);
    }
    return catalog.rebuild();
  }

  private static void takeIn(Catalog catalog) throws IOException {
    PlatformImport.run(
        catalog, new PlatformImport.Request(catalog.database().address(), false, Map.of()));
  }
}
