package io.callrecords.connect;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.stream.Stream;

/** Holds the direction of dependencies: the packages are the stages of the data's way. */
@AnalyzeClasses(
    packages = ArchitectureTest.ROOT,
    importOptions = ArchitectureTest.OnlyWhatShips.class)
class ArchitectureTest {
  static final String ROOT = "io.callrecords.connect";

  /** Each stage may use those before it, and none of those after it. */
  private static final List<String> STAGES =
      List.of(
          "config",
          "feed",
          "split",
          "offset",
          "loop",
          "state",
          "client",
          "fetch",
          "schedule",
          "convert",
          "metrics");

  @ArchTest
  static final ArchRule stagesDependOnlyOnThoseAboveThem =
      classes().should(dependOnlyOnStagesAbove()).allowEmptyShould(true);

  @ArchTest
  static final ArchRule everyClassBelongsToAStageOrToTheRoot =
      classes()
          .should()
          .resideInAnyPackage(
              Stream.concat(Stream.of(ROOT), STAGES.stream().map(ArchitectureTest::packageOf))
                  .toArray(String[]::new))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule onlyTheClientSpeaksHttp =
      noClasses()
          .that(not(resideInAPackage(packageOf("client"))))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("okhttp3..", "okio..", "kotlin..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule theCoreKnowsLittleOfKafka =
      noClasses()
          .that(
              resideInAnyPackage(
                  packageOf("split"),
                  packageOf("state"),
                  packageOf("loop"),
                  packageOf("client"),
                  packageOf("fetch"),
                  packageOf("schedule")))
          .should()
          .dependOnClassesThat(
              resideInAPackage("org.apache.kafka..")
                  .and(
                      resideOutsideOfPackages(
                          "org.apache.kafka.connect.errors", "org.apache.kafka.connect.data")))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule nothingUsesWhatWorkersHideFromPlugins =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "org.apache.kafka.connect.runtime..",
                      "org.apache.kafka.connect.json..",
                      "org.apache.kafka.clients..",
                      "com.fasterxml.jackson.databind..")
                  // A parameter of SourceTask.commitRecord().
                  .and(not(name("org.apache.kafka.clients.producer.RecordMetadata"))))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule nothingUsesTheCommandLine =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.callrecords.cli..")
          .allowEmptyShould(true);

  /**
   * What Kafka does not document may be gone in the next release: only packages of its published
   * Javadoc are used, those of 3.7 and 4.4 alike.
   */
  @ArchTest
  static final ArchRule onlyWhatKafkaPublishesIsUsed =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAPackage("org.apache.kafka..")
                  .and(
                      resideOutsideOfPackages(
                          "org.apache.kafka.common",
                          "org.apache.kafka.common.config",
                          // Values of AbstractConfig, which is public.
                          "org.apache.kafka.common.config.types",
                          "org.apache.kafka.common.metrics",
                          "org.apache.kafka.connect.connector",
                          "org.apache.kafka.connect.data",
                          "org.apache.kafka.connect.errors",
                          "org.apache.kafka.connect.header",
                          "org.apache.kafka.connect.source",
                          "org.apache.kafka.connect.storage",
                          "org.apache.kafka.clients.producer"))
                  // The documented default of ssl.engine.factory.class, which loads stores as
                  // Kafka's clients do; the same in 3.7 and 4.4.
                  .and(not(name("org.apache.kafka.common.security.ssl.DefaultSslEngineFactory"))))
          .allowEmptyShould(true);

  /** Leaves out tests and programs, wherever they are compiled to. */
  static final class OnlyWhatShips implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return location.contains("/classes/");
    }
  }

  private static String packageOf(String stage) {
    return ROOT + "." + stage + "..";
  }

  private static ArchCondition<JavaClass> dependOnlyOnStagesAbove() {
    return new ArchCondition<>("depend only on stages above them, in the order " + STAGES) {
      @Override
      public void check(JavaClass origin, ConditionEvents events) {
        origin.getDirectDependenciesFromSelf().stream()
            .filter(dependency -> rank(dependency.getTargetClass()) > rank(origin))
            .forEach(
                dependency ->
                    events.add(
                        SimpleConditionEvent.violated(dependency, dependency.getDescription())));
      }
    };
  }

  /** The place in the order; the root stands last, and what is not ours stands above all. */
  private static int rank(JavaClass type) {
    String name = type.getPackageName();
    if (name.equals(ROOT)) {
      return STAGES.size();
    }
    return name.startsWith(ROOT + ".")
        ? STAGES.indexOf(name.substring(ROOT.length() + 1).split("\\.", 2)[0])
        : -1;
  }
}
