// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The floor plan, held by the build: every arrow between modules points down, and no packages of a
/// module stand in a circle.
final class LayersTest {
  private static JavaClasses house;

  @BeforeAll
  static void readTheHouse() {
    house =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.varve");
  }

  @Test
  void allModulesAreSeen() {
    for (String module :
        new String[] {"storage", "merge", "cluster", "sql", "ingest", "jdbc", "server"}) {
      assertThat(house.that(resideInAPackage("dev.varve." + module + "..")))
          .as("classes of %s", module)
          .isNotEmpty();
    }
  }

  @Test
  void modulesLookDown() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("dev.varve..")
        .withOptionalLayers(true)
        .layer("storage")
        .definedBy("dev.varve.storage..")
        .layer("merge")
        .definedBy("dev.varve.merge..")
        .layer("cluster")
        .definedBy("dev.varve.cluster..")
        .layer("sql")
        .definedBy("dev.varve.sql..")
        .layer("ingest")
        .definedBy("dev.varve.ingest..")
        .layer("jdbc")
        .definedBy("dev.varve.jdbc..")
        .layer("server")
        .definedBy("dev.varve.server..")
        .whereLayer("storage")
        .mayNotAccessAnyLayer()
        .whereLayer("jdbc")
        .mayNotAccessAnyLayer()
        .whereLayer("merge")
        .mayOnlyAccessLayers("storage")
        .whereLayer("cluster")
        .mayOnlyAccessLayers("storage")
        .whereLayer("sql")
        .mayOnlyAccessLayers("storage", "merge")
        .whereLayer("ingest")
        .mayOnlyAccessLayers("storage", "merge", "cluster")
        .whereLayer("server")
        .mayNotBeAccessedByAnyLayer()
        .check(house);
  }

  @Test
  void noPackagesInACircle() {
    slices().matching("dev.varve.(*).(*)..").should().beFreeOfCycles().check(house);
  }

  @Test
  void kafkasClassesStayInOnePackage() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.varve.ingest.wire..", "dev.varve.server.demo..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka..")
        .because("they are internal API that moves between releases")
        .check(house);
  }

  @Test
  void calciteIsSeenByParserCatalogAndPlannerAlone() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.varve.sql.expression..",
            "dev.varve.sql.function..",
            "dev.varve.sql.operator..",
            "dev.varve.sql.execute..",
            "dev.varve.server..",
            "dev.varve.ingest..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.calcite..")
        .check(house);
  }

  @Test
  void theDriverNeedsNothingButJava() {
    classes()
        .that()
        .resideInAPackage("dev.varve.jdbc..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.varve.jdbc..", "java..", "javax..")
        .check(house);
  }
}
