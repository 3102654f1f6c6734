package dev.mixdown.cli.catalog;

import dev.mixdown.cli.options.RecipeOptions;
import dev.mixdown.cli.output.JsonCommand;
import dev.mixdown.configs.problems.DidYouMean;
import dev.mixdown.registry.catalog.Catalog;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** A command that asks the catalog. */
public abstract class CatalogQuestion extends JsonCommand {
  @Mixin private RecipeOptions registry = new RecipeOptions();

  @Mixin private CatalogOption catalog = new CatalogOption();

  /** The catalog, up to date. The caller closes it. */
  protected Catalog catalog() throws IOException {
    return catalog.current(registry.located(), registry.existing());
  }

  /** The registry, where recipes and manifests are found too. */
  protected RecipeOptions registry() {
    return registry;
  }

  /** A word of an option, in lower case; null where it was not given. */
  protected @Nullable String known(String option, @Nullable String word, List<String> words) {
    String lower = word == null ? null : word.toLowerCase(Locale.ROOT);
    if (lower == null || words.contains(lower)) {
      return lower;
    }
    throw badUsage("%s is \"%s\"%s".formatted(option, word, DidYouMean.hint(lower, words)));
  }
}
