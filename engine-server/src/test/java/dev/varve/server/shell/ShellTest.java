// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The shell without a terminal, over an engine in this process.
final class ShellTest {
  private static final String DATA =
      "CREATE TABLE t (n Int32, s Nullable(String)) ENGINE = MergeTree ORDER BY n;"
          + " INSERT INTO t VALUES (1, 'a;b'), (2, NULL);";

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String input, OutputFormat format, List<String> statements, List<Path> files) {
    ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    Shell shell = new Shell(in, new PrintWriter(out), new PrintWriter(err, true));
    return shell.run(
        new Shell.Options("jdbc:varve:mem:", "", "", statements, files, format), false);
  }

  private String rows(OutputFormat format) {
    int status = run("", format, List.of(DATA, "SELECT * FROM t ORDER BY n"), List.of());
    assertThat(err.toString()).isEmpty();
    assertThat(status).isZero();
    return out.toString();
  }

  @Test
  void aPipeGivesTabSeparatedRowsAndNothingElse() {
    assertThat(run(DATA + "\nSELECT * FROM t\nORDER BY n;\n", null, List.of(), List.of())).isZero();
    assertThat(out.toString()).isEqualTo("n\ts\n1\ta;b\n2\t\\N\n");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void tableDrawsABox() {
    assertThat(rows(OutputFormat.table))
        .isEqualTo(
            """
            ┌───┬──────┐
            │ n │ s    │
            ├───┼──────┤
            │ 1 │ a;b  │
            │ 2 │ NULL │
            └───┴──────┘
            """);
  }

  @Test
  void verticalHasALineForEachValue() {
    assertThat(rows(OutputFormat.vertical)).startsWith("Row 1:\nn: 1\ns: a;b\n\nRow 2:\n");
  }

  @Test
  void csvAndJsonAreForPrograms() {
    assertThat(rows(OutputFormat.csv)).isEqualTo("n,s\n1,a;b\n2,\\N\n");
    out.getBuffer().setLength(0);
    assertThat(rows(OutputFormat.json))
        .isEqualTo("{\"n\":1,\"s\":\"a;b\"}\n{\"n\":2,\"s\":null}\n");
  }

  @Test
  void anErrorIsMarkedInItsLine() {
    assertThat(run("", null, List.of("SELECT 1 AS one,\n  two FROM numbers(3)"), List.of()))
        .isNotZero();
    assertThat(err.toString()).contains("line 2, column 3", "\n    two FROM numbers(3)\n    ^\n");
  }

  @Test
  void aFileOfStatementsRunsUntilTheFirstError() throws IOException {
    Path file = directory.resolve("script.sql");
    Files.writeString(file, "SELECT 1; -- first;\nSELECT * FROM nowhere;\nSELECT 2;");
    assertThat(run("", null, List.of(), List.of(file))).isEqualTo(1);
    assertThat(err.toString()).contains("Code 60").contains("nowhere").contains("42S02");
    assertThat(out.toString().lines()).hasSize(2);
  }

  @Test
  void aStatementOfTheCommandLineMayBeAShortCommand() {
    assertThat(run("", null, List.of(DATA, "\\d t", "\\l"), List.of())).isZero();
    assertThat(out.toString()).contains("n\t", "default");
    assertThat(run("", null, List.of("\\d absent", "SELECT 7"), List.of())).isEqualTo(1);
    assertThat(run("", null, List.of("\\q", "SELECT 77"), List.of())).isZero();
    assertThat(out.toString()).doesNotContain("7\n77");
  }

  @Test
  void aMissingFileAndAWrongUrlAreToldWithStatusOne() {
    assertThat(run("", null, List.of(), List.of(directory.resolve("none.sql")))).isEqualTo(1);
    assertThat(err.toString()).contains("none.sql");
    Shell shell = new Shell(System.in, new PrintWriter(out), new PrintWriter(err, true));
    Shell.Options options =
        new Shell.Options(
            "jdbc:varve://127.0.0.1:1/d", "", "", List.of("SELECT 1"), List.of(), null);
    assertThat(shell.run(options, false)).isEqualTo(1);
    assertThat(err.toString()).contains("08001");
  }

  @Test
  void statementsAreCutOutsideQuotesAndComments() {
    assertThat(Statements.all("SELECT ';' ; /* ; */ SELECT \"a;b\" -- ;\n; ;"))
        .containsExactly("SELECT ';'", "/* ; */ SELECT \"a;b\" -- ;");
    assertThat(Statements.cut("SELECT 'it''s").complete()).isEmpty();
    assertThat(Statements.isBlank(" -- nothing\n")).isTrue();
  }

  @Test
  void numbersAreShort() {
    assertThat(Runner.number(9999)).isEqualTo("9999");
    assertThat(Runner.number(1_534_000)).isEqualTo("1.53 M");
    assertThat(Runner.number(999_900)).isEqualTo("1.00 M");
  }
}
