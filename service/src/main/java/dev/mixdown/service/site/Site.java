package dev.mixdown.service.site;

import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.repository.ReleaseRepository;
import dev.mixdown.configs.repository.Resolution;
import dev.mixdown.configs.stages.StageCatalog;
import dev.mixdown.configs.stages.StageChoice;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.ManifestFinder;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.Settings;
import dev.mixdown.pipelines.manifests.PreparedManifest;
import dev.mixdown.pipelines.recipes.RecipeSources;
import dev.mixdown.pipelines.versions.VersionUses;
import dev.mixdown.registry.EntryKind;
import dev.mixdown.registry.Registry;
import dev.mixdown.registry.RegistryIndex;
import dev.mixdown.registry.TrainingEntry;
import dev.mixdown.registry.catalog.Catalog;
import dev.mixdown.registry.catalog.CatalogPlace;
import dev.mixdown.registry.imports.SharedDatabase;
import dev.mixdown.registry.lineage.GraphBuilder;
import dev.mixdown.registry.platform.Cells;
import dev.mixdown.service.access.DataRoots;
import dev.mixdown.service.http.HttpProblem;
import dev.mixdown.storage.FileInfo;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import dev.mixdown.transforms.shards.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the service is about: a release repository, its manifests, their registry, and the catalog.
 *
 * <p>What lies in many files is read beside the requests, again whenever one of them came, went or
 * changed, and kept: requests read no listing. Other processes' writes are seen within seconds, the
 * service's own at once.
 */
public final class Site implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Site.class);

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  /** Looking takes at most this part of the time. */
  private static final int IDLE = 10;

  private final ServiceSettings given;
  private final Clock clock;
  private final Registry registry;
  private final Workspace workspace;
  private final String output;
  private final CatalogPlace place;
  private final Thread looking = new Thread(this::look, "looking");
  private final ReentrantLock refreshing = new ReentrantLock();

  private volatile @Nullable Holdings holdings;
  private volatile @Nullable Catalog catalog;
  private final AtomicLong revision = new AtomicLong();
  private volatile String trouble = "what the registry has is being read";
  private Set<FileInfo> seen = Set.of();

  public Site(ServiceSettings given, Clock clock) throws IOException {
    this.given = given;
    this.clock = clock;
    Settings settings = given.settings();
    output = settings.output().orElse(Settings.USUAL_OUTPUT);
    workspace = settings.workspace();
    registry =
        new Registry(
            settings.storage(), settings.registry(), damage -> LOG.warn("damaged: {}", damage));
    place = settings.catalog(registry.folder());
  }

  /** Begins to look. */
  public void start() {
    looking.setDaemon(true);
    looking.start();
  }

  private void look() {
    while (!Thread.currentThread().isInterrupted()) {
      long begin = System.nanoTime();
      try {
        refresh();
      } catch (IOException | RuntimeException e) {
        if (!String.valueOf(e.getMessage()).equals(trouble)) {
          LOG.warn("what lies in files cannot be read", e);
        }
        trouble = String.valueOf(e.getMessage());
      }
      long pause = Math.max(BETWEEN_LOOKS.toNanos(), (System.nanoTime() - begin) * IDLE);
      try {
        TimeUnit.NANOSECONDS.sleep(pause);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Reads what has changed. */
  public void refresh() throws IOException {
    refreshing.lock();
    try {
      Set<FileInfo> now = files();
      if (holdings == null || !now.equals(seen)) {
        RegistryIndex index = RegistryIndex.of(registry, workspace.folder());
        holdings =
            new Holdings(
                index,
                GraphBuilder.graph(index, storage()),
                PreparedManifest.below(storage(), output),
                newestFirst(index.trainings()),
                new RecipeSources(storage(), given.repository(), registry).library());
        refreshCatalog();
        // Where that failed, the next look tries it again.
        seen = now;
      } else if (place.named()) {
        refreshCatalog();
      }
      trouble = "";
    } finally {
      refreshing.unlock();
    }
  }

  private static List<TrainingEntry> newestFirst(List<TrainingEntry> trainings) {
    return trainings.stream()
        .sorted(
            Comparator.comparing(VersionUses::created).thenComparing(TrainingEntry::id).reversed())
        .toList();
  }

  private void refreshCatalog() throws IOException {
    Catalog open = catalog;
    if (open == null) {
      catalog = Catalog.current(place, registry, notice -> LOG.info("{}", notice));
    } else {
      open.refresh();
    }
    if (place.named()) {
      SharedDatabase.refreshIfChanged(catalog());
    }
    revision.incrementAndGet();
  }

  /** The files that are known by heart. */
  private Set<FileInfo> files() throws IOException {
    List<FileInfo> files = new ArrayList<>(storage().below(output));
    if (!registry.folder().startsWith(StoragePath.absolute(output) + "/")) {
      files.addAll(storage().below(registry.folder()));
    }
    files.addAll(storage().below(StoragePath.resolve(given.repository(), "recipes")));
    // Nothing that is shown depends on the calls, which the service itself adds all the time.
    String calls =
        StoragePath.absolute(StoragePath.resolve(registry.folder(), EntryKind.CALL.folder())) + "/";
    files.removeIf(file -> StoragePath.absolute(file.path()).startsWith(calls));
    return new HashSet<>(files);
  }

  /** Whether the service can answer; empty when it can, else why not. */
  public Optional<String> trouble() {
    return holdings == null || catalog == null || !trouble.isEmpty()
        ? Optional.of(trouble)
        : Optional.empty();
  }

  /** What the files say. */
  public Holdings holdings() {
    Holdings known = holdings;
    if (known == null) {
      throw notYet();
    }
    return known;
  }

  /** The catalog. It stays open. */
  public Catalog catalog() {
    Catalog open = catalog;
    if (open == null) {
      throw notYet();
    }
    return open;
  }

  private HttpProblem notYet() {
    return HttpProblem.of(
        503, "this cannot be answered yet: " + trouble, Map.of("Retry-After", "2"));
  }

  /** Changes whenever the catalog may have changed. */
  public long revision() {
    return revision.get();
  }

  /** The release repository, as it now is. */
  public ReleaseRepository repository() {
    return given.settings().repository(given.repository());
  }

  public Settings settings() {
    return given.settings();
  }

  public Storage storage() {
    return given.settings().storage();
  }

  public Registry registry() {
    return registry;
  }

  public Workspace workspace() {
    return workspace;
  }

  /** Where manifests lie. */
  public String output() {
    return output;
  }

  public Clock clock() {
    return clock;
  }

  /**
   * The manifest of an id, or the beginning of one. What a request says is never taken for a path.
   *
   * @throws HttpProblem 404
   */
  public ManifestFolder manifest(String id) throws IOException {
    if (!id.matches("[0-9a-f]{6,20}")) {
      throw HttpProblem.notFound(
          "there is no manifest \"%s\"; an id has 20 hexadecimal digits, of which six are enough"
              .formatted(id));
    }
    List<PreparedManifest> known =
        holdings().manifests().stream()
            .filter(manifest -> manifest.manifest().id().startsWith(id))
            .toList();
    List<String> ids = known.stream().map(m -> m.manifest().id()).distinct().toList();
    if (ids.size() == 1) {
      return new ManifestFolder(known.get(0).folder(), known.get(0).manifest());
    }
    if (ids.size() > 1) {
      throw HttpProblem.notFound("\"%s\" may be %s".formatted(id, String.join(", ", ids)));
    }
    try {
      // The registry may know one that lies elsewhere.
      return manifests().find(id);
    } catch (ConfigException e) {
      throw HttpProblem.notFound("there is no manifest " + id);
    }
  }

  /** What finds manifests by their names, which may be paths: not for what requests say. */
  public ManifestFinder manifests() {
    return new ManifestFinder(registry, workspace, Optional.of(output));
  }

  /** Where recipes come from. */
  public RecipeSources recipes() {
    return new RecipeSources(storage(), given.repository(), registry);
  }

  /** Before when a running job was heard of that is stale now, in the platform's form. */
  public String staleSince() {
    return Cells.time(clock.instant().minus(given.staleAfter()));
  }

  /** Where paths in requests may lead. */
  public DataRoots dataRoots() {
    List<Path> folders = new ArrayList<>(given.dataRoots());
    if (StoragePath.isLocal(given.repository())) {
      folders.add(StoragePath.local(given.repository()));
    }
    return new DataRoots(folders, this::buckets);
  }

  private Set<String> buckets() {
    Set<String> buckets = new HashSet<>();
    ReleaseRepository repository = repository().unforced();
    try {
      List<StageChoice> choices = new ArrayList<>(List.of(StageChoice.OPEN));
      Optional<StageCatalog> stages = repository.catalog(new Problems());
      stages.ifPresent(
          c -> c.stages().values().forEach(s -> choices.addAll(s.choices(Optional.empty()))));
      for (StageChoice choice : choices) {
        add(buckets, repository, choice);
      }
    } catch (IOException | ConfigException e) {
      LOG.warn("the repository's configs cannot be read, so that it names no buckets", e);
    }
    return buckets;
  }

  private static void add(Set<String> buckets, ReleaseRepository repository, StageChoice choice)
      throws IOException {
    Resolution resolution;
    try {
      resolution = repository.resolve(choice);
    } catch (ConfigException e) {
      // One that cannot be used names nothing.
      return;
    }
    resolution
        .config()
        .enabled()
        .forEach(
            entry -> {
              String path = StoragePath.resolve(repository.folder(), entry.path());
              if (StoragePath.scheme(path).isPresent()) {
                buckets.add(DataRoots.bucket(path));
              }
            });
  }

  @Override
  public void close() {
    looking.interrupt();
    refreshing.lock();
    try {
      Catalog open = catalog;
      if (open != null) {
        open.close();
      }
    } finally {
      refreshing.unlock();
    }
  }
}
