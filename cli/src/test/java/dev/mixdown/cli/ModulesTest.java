package dev.mixdown.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
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
        .layer("recipes")
        .definedBy("dev.mixdown.recipes..")
        .layer("registry")
        .definedBy("dev.mixdown.registry..")
        .layer("transforms")
        .definedBy("dev.mixdown.transforms..")
        .layer("pipelines")
        .definedBy("dev.mixdown.pipelines..")
        .layer("service")
        .definedBy("dev.mixdown.service..")
        .layer("cli")
        .definedBy("dev.mixdown.cli..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("service")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("pipelines")
        .mayOnlyBeAccessedByLayers("service", "cli")
        .whereLayer("transforms")
        .mayOnlyBeAccessedByLayers("pipelines", "service", "cli")
        .whereLayer("registry")
        .mayOnlyBeAccessedByLayers("transforms", "pipelines", "service", "cli")
        .whereLayer("recipes")
        .mayOnlyBeAccessedByLayers("registry", "transforms", "pipelines", "service", "cli")
        .whereLayer("configs")
        .mayOnlyBeAccessedByLayers(
            "recipes", "registry", "transforms", "pipelines", "service", "cli")
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
    return of.getClasses().stream().filter(c -> !c.getName().contains("$") && !c.isArray()).count();
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
  void below_the_doors_only_the_credentials_of_stores_read_the_environment() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.mixdown.cli..")
        .and()
        .haveSimpleNameNotEndingWith("StoreCredentials")
        .should()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .check(CLASSES);
  }

  /**
   * What is static and can change belongs to nobody, and two jobs of one process share it. One
   * field is left: the operating system's locks are of the process, and this says which it has.
   */
  private static final Set<String> STATIC_STATE =
      Set.of("dev.mixdown.storage.local.FolderLock.HELD");

  @Test
  void below_the_doors_nothing_static_can_change() {
    List<String> state =
        CLASSES.stream()
            .filter(c -> !c.getPackageName().startsWith("dev.mixdown.cli"))
            .filter(c -> !c.getPackageName().startsWith("dev.mixdown.benchmarks"))
            .flatMap(c -> c.getFields().stream())
            .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
            .filter(field -> !field.getName().contains("$"))
            .filter(
                field ->
                    !field.getModifiers().contains(JavaModifier.FINAL)
                        || field.getRawType().getPackageName().startsWith("java.util.concurrent")
                        || madeToChange(field))
            .map(field -> field.getOwner().getName() + "." + field.getName())
            .toList();
    assertThat(state, containsInAnyOrder(STATIC_STATE.toArray()));
  }

  /** Maps, sets and lists that somebody adds to: those of the JDK that are not made by of. */
  private static boolean madeToChange(JavaField field) {
    return field.getOwner().getStaticInitializer().stream()
        .flatMap(initializer -> initializer.getCallsFromSelf().stream())
        .filter(call -> call.getTargetOwner().getPackageName().startsWith("java.util.concurrent"))
        .anyMatch(
            call ->
                field.getRawType().isAssignableFrom(call.getTargetOwner().reflect())
                    || (call.getName().equals("newKeySet")
                        && field.getRawType().isAssignableFrom(java.util.Set.class)));
  }

  @Test
  void only_the_type_of_a_document_knows_the_name_of_its_file() throws IOException {
    Set<String> names = Set.of("manifest.json", "current.json", "load_stats.json", "lineage.json");
    List<String> others = new ArrayList<>();
    for (String module :
        List.of("configs", "recipes", "transforms", "pipelines", "service", "cli")) {
      try (Stream<Path> files = Files.walk(TestFiles.root().resolve(module + "/src/main/java"))) {
        for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
          String source = Files.readString(file);
          names.stream()
              .filter(name -> source.contains("\"" + name + "\""))
              .map(name -> file.getFileName() + " has " + name)
              .forEach(others::add);
        }
      }
    }
    // A stage may not be called so.
    assertThat(others, contains("Names.java has current.json"));
  }
}
