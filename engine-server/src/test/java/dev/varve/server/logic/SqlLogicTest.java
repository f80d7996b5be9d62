// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.logic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/// The sqllogictest corpus through JDBC: a fixed sample, or with `-Dvarve.logic=all` the whole.
/// `-Dvarve.logic=REGEX` runs the scripts whose name matches, `-Dvarve.logic.every=N` each N-th
/// query. What failed, by cause, is in `target/sqllogictest.txt`.
///
/// The scripts know engines by name. Of those they know, MySQL divides as Varve does, `/` with a
/// fraction and `DIV` without, so its records are run.
final class SqlLogicTest {
  private static final String ENGINE = "mysql";
  private static final String SAMPLE =
      "select[1-3]|evidence/.*|index/(between|commute|in|orderby)/10/slt_good_0"
          + "|random/[a-z]+/slt_good_1";

  @Test
  void answersAreThoseOfTheCorpus() throws IOException, SQLException {
    String asked = System.getProperty("varve.logic", "");
    boolean sample = asked.isEmpty();
    String pattern = sample ? SAMPLE : asked.equals("all") ? ".*" : asked;
    int every = Integer.getInteger("varve.logic.every", sample ? 70 : 1);
    LogicTally tally = new LogicTally();
    try (ZipFile corpus = corpus()) {
      List<? extends ZipEntry> scripts =
          corpus.stream()
              .filter(entry -> entry.getName().matches("test/(" + pattern + ")\\.test"))
              .toList();
      for (ZipEntry script : scripts) {
        List<LogicRecord> records = LogicScript.parse(ENGINE, lines(corpus, script));
        new LogicRun(script.getName(), tally, every).run(records);
        System.out.println(script.getName() + ": " + tally.summary());
      }
    }
    System.out.println("sqllogictest: " + tally.summary());
    Files.createDirectories(Path.of("target"));
    Files.writeString(Path.of("target", "sqllogictest.txt"), tally.report());
    assertThat(tally.queries()).isPositive();
    assertThat(tally.percentOfQueries())
        .as("target/sqllogictest.txt lists what failed\n" + tally.summary())
        .isGreaterThanOrEqualTo(99.5);
  }

  private static ZipFile corpus() throws IOException {
    URL one =
        Objects.requireNonNull(
            SqlLogicTest.class.getResource("/test/select1.test"), "no corpus on the class path");
    String jar = ((JarURLConnection) one.openConnection()).getJarFileURL().toString();
    return new ZipFile(Path.of(URI.create(jar)).toString());
  }

  private static List<String> lines(ZipFile corpus, ZipEntry script) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(corpus.getInputStream(script), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }
}
