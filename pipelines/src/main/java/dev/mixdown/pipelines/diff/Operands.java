package dev.mixdown.pipelines.diff;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixdown.configs.problems.ConfigException;
import dev.mixdown.configs.syntax.Json;
import dev.mixdown.configs.syntax.JsonTree;
import dev.mixdown.configs.syntax.Node;
import dev.mixdown.configs.syntax.Problems;
import dev.mixdown.pipelines.DataException;
import dev.mixdown.pipelines.ManifestFinder;
import dev.mixdown.pipelines.ManifestFolder;
import dev.mixdown.pipelines.recipes.RecipeSources;
import dev.mixdown.recipes.RecipeLibrary;
import dev.mixdown.recipes.diff.ConfigDiff.Config;
import dev.mixdown.recipes.diff.ConfigText;
import dev.mixdown.registry.manifests.Manifest;
import dev.mixdown.storage.Storage;
import dev.mixdown.storage.StoragePath;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds what people name to compare: a config's file, a recipe by {@code recipe:ID[@VERSION]}, a
 * job by {@code job:UUID}, or a manifest by its folder, its id or its {@code manifest.json}.
 */
public final class Operands {
  private static final String RECIPE = "recipe:";
  private static final String JOB = "job:";

  private final Storage storage;
  private final RecipeSources recipes;
  private final ManifestFinder manifests;
  private final JobOperands jobs;

  /** Read once, where a recipe is named. */
  private @Nullable RecipeLibrary library;

  public Operands(
      Storage storage, RecipeSources recipes, ManifestFinder manifests, JobOperands jobs) {
    this.storage = storage;
    this.recipes = recipes;
    this.manifests = manifests;
    this.jobs = jobs;
  }

  /**
   * Reads one of them.
   *
   * @throws ConfigException when there is none, or it cannot be read
   */
  public Config find(String name) throws IOException {
    if (name.startsWith(RECIPE)) {
      String id = name.substring(RECIPE.length());
      RecipeLibrary all = library == null ? recipes.library() : library;
      library = all;
      return new Config(name, recipes.find(all, id).recipe().defaultConfig());
    }
    if (name.startsWith(JOB)) {
      return jobs.find(name, name.substring(JOB.length()));
    }
    if (StoragePath.isSupported(name) && storage.stat(name).isPresent()) {
      Optional<byte[]> file = storage.read(name);
      if (file.isPresent()) {
        return new Config(name, config(name, file.get()));
      }
    }
    ManifestFolder folder = manifests.find(name);
    return new Config(name, tree(ManifestConfig.of(folder.manifest()), name));
  }

  /**
   * The manifest that people name, or that the job followed; empty where it is something else, or a
   * manifest.json without its parts beside it.
   */
  public Optional<ManifestFolder> manifest(String name) throws IOException {
    if (name.startsWith(RECIPE)) {
      return Optional.empty();
    }
    if (name.startsWith(JOB)) {
      return jobs.manifestOf(name.substring(JOB.length()));
    }
    boolean file = StoragePath.isSupported(name) && storage.stat(name).isPresent();
    if (file && !StoragePath.name(name).equals(Manifest.FILE)) {
      return Optional.empty();
    }
    try {
      return Optional.of(manifests.find(name));
    } catch (ConfigException | DataException e) {
      return Optional.empty();
    }
  }

  /** A file's config; of a {@code manifest.json}, what is to be compared of it. */
  private static Node config(String name, byte[] bytes) {
    Problems problems = new Problems();
    Optional<Node> root = ConfigText.read(bytes, name, problems);
    problems.throwIfAny();
    Node config = root.orElseThrow();
    if (config.find("manifest_id").isPresent() && config.find("strata").isPresent()) {
      try {
        return tree(ManifestConfig.of(Manifest.read(bytes)), name);
      } catch (IOException e) {
        // It only looks like one.
        return config;
      }
    }
    return config;
  }

  private static Node tree(ObjectNode document, String name) {
    return JsonTree.values(Json.line(document), name, new Problems()).orElseThrow();
  }
}
