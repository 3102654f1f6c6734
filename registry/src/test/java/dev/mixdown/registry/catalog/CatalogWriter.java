package dev.mixdown.registry.catalog;

import dev.mixdown.registry.Registry;
import dev.mixdown.registry.databases.DatabaseAddress;
import dev.mixdown.registry.platform.JobStatus;
import dev.mixdown.registry.recording.JobRecorder;
import dev.mixdown.storage.Storage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A process that writes into a catalog: until it is killed, or some jobs. */
public final class CatalogWriter {
  private CatalogWriter() {}

  /** Takes the registry's folder, the catalog's file, and what to do. */
  public static void main(String[] args) throws Exception {
    Registry registry = new Registry(Storage.of(Map.of()), args[0], damage -> {});
    CatalogPlace place = new CatalogPlace(DatabaseAddress.of(args[1], Optional.empty()), false);
    if (args[2].equals("rebuild")) {
      while (true) {
        try (Catalog catalog = Catalog.current(place, registry, notice -> {})) {
          System.out.println("open");
          System.out.flush();
          catalog.rebuild();
        }
      }
    }
    try (Catalog catalog = Catalog.current(place, registry, notice -> {})) {
      for (int i = 0; i < Integer.parseInt(args[3]); i++) {
        new JobRecorder(catalog, Instant.now())
            .record(
                new JobRecorder.Request(
                    Optional.of(args[2] + i),
                    Optional.of(JobStatus.COMPLETED),
                    Map.of("algorithm", "sft"),
                    Optional.empty(),
                    Map.of("loss", (double) i),
                    Optional.of(1L),
                    Optional.empty(),
                    List.of()));
      }
    }
  }
}
