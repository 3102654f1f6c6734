package dev.mixdown.transforms;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Dependencies point one way, and arithmetic and parsing know nothing of Beam. */
class PurePackagesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.mixdown");

  @Test
  void configs_and_the_packages_below_transforms_import_no_beam() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.mixdown.configs..", "dev.mixdown.transforms.*..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.beam..")
        .check(CLASSES);
  }

  @Test
  void mixing_knows_neither_files_nor_the_packages_that_use_it() {
    noClasses()
        .that()
        .resideInAPackage("dev.mixdown.transforms.mixing..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.mixdown.transforms.bytes..",
            "dev.mixdown.transforms.formats..",
            "dev.mixdown.transforms.index..",
            "dev.mixdown.transforms.records..",
            "dev.mixdown.transforms.shards..",
            "dev.mixdown.transforms.ordering..",
            "dev.mixdown.transforms.placing..",
            "dev.mixdown.transforms.manifest..",
            "dev.mixdown.storage..",
            "java.nio.file..")
        .check(CLASSES);
  }
}
