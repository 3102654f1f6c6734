package dev.mixdown.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The house keeps its order: which module may use which, and how large a package may grow. */
class ModulesTest {
  /** About 15; {@code package-info} is counted too. */
  private static final int MOST_CLASSES = 18;

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.mixdown");

  @Test
  void a_module_uses_only_those_above_it() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("storage")
        .definedBy("dev.mixdown.storage..")
        .layer("configs")
        .definedBy("dev.mixdown.configs..")
        .layer("registry")
        .definedBy("dev.mixdown.registry..")
        .layer("transforms")
        .definedBy("dev.mixdown.transforms..")
        .layer("pipelines")
        .definedBy("dev.mixdown.pipelines..")
        .layer("cli")
        .definedBy("dev.mixdown.cli..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("pipelines")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("transforms")
        .mayOnlyBeAccessedByLayers("pipelines", "cli")
        .whereLayer("registry")
        .mayOnlyBeAccessedByLayers("transforms", "pipelines", "cli")
        .whereLayer("configs")
        .mayOnlyBeAccessedByLayers("registry", "transforms", "pipelines", "cli")
        .check(CLASSES);
  }

  @Test
  void no_packages_use_one_another_in_a_circle() {
    slices().matching("dev.mixdown.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void no_package_is_too_large_to_be_looked_over() {
    List<String> large =
        CLASSES.stream()
            .map(c -> c.getPackage())
            .distinct()
            .filter(p -> p.getName().startsWith("dev.mixdown."))
            .filter(p -> topLevel(p) > MOST_CLASSES)
            .map(p -> p.getName() + " has " + topLevel(p))
            .toList();
    assertThat(large, empty());
  }

  private static long topLevel(JavaPackage of) {
    return of.getClasses().stream().filter(c -> !c.getName().contains("$")).count();
  }

  @Test
  void below_the_doors_there_is_no_terminal() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.mixdown.cli..", "dev.mixdown.benchmarks..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..", "me.tongfei..")
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }

  @Test
  void below_the_doors_only_the_clients_of_stores_read_the_environment() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.mixdown.cli..")
        .and()
        .haveSimpleNameNotEndingWith("StoreClients")
        .should()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .check(CLASSES);
  }
}
