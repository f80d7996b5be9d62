// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Runs every `.test` file of `src/test/resources/sql`, each on an engine of its own.
final class SqlFilesTest {
  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> files() throws IOException, URISyntaxException {
    return files(Map.of());
  }

  /// Each sort, aggregation and join puts every batch on disk.
  @TestFactory
  Stream<DynamicTest> filesWithAllOnDisk() throws IOException, URISyntaxException {
    return files(
        Map.of(
            "max_memory_usage", String.valueOf(64 << 20),
            "max_bytes_before_external_sort", "1",
            "max_bytes_before_external_group_by", "1",
            "max_bytes_before_external_join", "1"));
  }

  @TestFactory
  Stream<DynamicTest> filesWithBatchesOfOneRow() throws IOException, URISyntaxException {
    return files(Map.of("batch_rows", "1", "max_threads", "1"));
  }

  @TestFactory
  Stream<DynamicTest> filesWithBatchesOfThreeRows() throws IOException, URISyntaxException {
    return files(Map.of("batch_rows", "3"));
  }

  /// Batches that end in the middle of a granule, on disk as soon as there are any.
  @TestFactory
  Stream<DynamicTest> filesWithBatchesOf1023Rows() throws IOException, URISyntaxException {
    return files(
        Map.of(
            "batch_rows", "1023",
            "max_bytes_before_external_sort", "1",
            "max_bytes_before_external_group_by", "1"));
  }

  private Stream<DynamicTest> files(Map<String, String> settings)
      throws IOException, URISyntaxException {
    Path folder = Path.of(SqlFilesTest.class.getResource("/sql").toURI());
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> sorted = files.filter(f -> f.toString().endsWith(".test")).sorted().toList();
      assertThat(sorted).isNotEmpty();
      return sorted.stream()
          .filter(f -> f.getFileName().toString().contains(System.getProperty("varve.sql", "")))
          .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> run(f, settings)));
    }
  }

  private void run(Path file, Map<String, String> settings) throws IOException {
    Path data = directory.resolve(file.getFileName() + "-" + settings.size());
    try (EngineFixture engine = new EngineFixture(data);
        Session session = engine.session()) {
      for (SqlFile.Step step : SqlFile.parse(Files.readAllLines(file)).steps()) {
        check(
            settings,
            session,
            step,
            file.getFileName() + " line " + step.line() + ": " + step.sql());
      }
    }
  }

  private static void check(
      Map<String, String> settings, Session session, SqlFile.Step step, String place) {
    switch (step.kind()) {
      case STATEMENT -> rows(settings, session, step, place);
      case ORDERED ->
          assertThat(rows(settings, session, step, place)).as(place).isEqualTo(step.rows());
      case UNORDERED ->
          assertThat(rows(settings, session, step, place))
              .as(place)
              .containsExactlyInAnyOrderElementsOf(step.rows());
      case ERROR -> {
        VarveException error =
            catchThrowableOfType(
                VarveException.class,
                () -> EngineFixture.lines(session.execute(request(step.sql(), settings))));
        assertThat(error).as(place).isNotNull();
        assertThat(error.code().name())
            .as(place + ": " + error.getMessage())
            .isEqualTo(step.code());
        assertThat(error.getMessage()).as(place).contains(step.message());
      }
    }
  }

  private static List<String> rows(
      Map<String, String> settings, Session session, SqlFile.Step step, String place) {
    try {
      return EngineFixture.lines(session.execute(request(step.sql(), settings)));
    } catch (RuntimeException e) {
      throw new AssertionError(place + "\n" + e.getMessage(), e);
    }
  }

  private static Request request(String sql, Map<String, String> settings) {
    return new Request(sql, List.of(), Map.of(), settings, Optional.empty(), "");
  }
}
