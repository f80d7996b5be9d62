// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jline.reader.Candidate;
import org.jline.reader.EOFError;
import org.jline.reader.Parser.ParseContext;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the shell does before a person: commands, colours, completion, statements of many lines.
final class ConsoleTest {
  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Connection connection;
  private Runner runner;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:varve:mem:");
    runner =
        new Runner(
            connection, OutputFormat.tsv, false, new PrintWriter(out), new PrintWriter(err, true));
    runner.run(
        "CREATE TABLE orders (id UInt64, amount Decimal(9, 2)) ENGINE = MergeTree ORDER BY id");
    runner.run("CREATE VIEW large AS SELECT * FROM orders WHERE amount > 100");
    runner.run("INSERT INTO orders VALUES (1, 5), (2, 500)");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private String command(String line) {
    out.getBuffer().setLength(0);
    assertThat(new Commands(runner, new PrintWriter(out)).run(line)).isTrue();
    assertThat(err.toString()).isEmpty();
    return out.toString();
  }

  @Test
  void commandsAreStatementsUnderAShortName() {
    assertThat(command("\\d").lines()).contains("orders", "large");
    assertThat(command("\\d orders;")).contains("id\tUInt64", "amount\tDecimal(9, 2)");
    assertThat(command("\\d+ orders")).contains("CREATE TABLE", "ORDER BY id");
    assertThat(command("\\dt")).contains("orders\tMergeTree\t2\t").doesNotContain("large");
    assertThat(command("\\dv")).contains("large\tView\t").doesNotContain("orders\t");
    assertThat(command("\\l").lines()).contains("default");
    assertThat(command("\\ds max_thr*")).contains("max_threads\t");
    assertThat(command("\\c system")).isEmpty();
    assertThat(command("\\d").lines()).contains("tables");
  }

  @Test
  void usersAreListedOnceThereAreSome() {
    assertThat(command("\\du").lines()).hasSize(1);
    runner.run("CREATE USER ann IDENTIFIED BY 'a'");
    runner.run("CREATE USER bob IDENTIFIED BY 'b'");
    assertThat(command("\\du").lines()).contains("ann", "bob").hasSize(3);
  }

  @Test
  void patternsOfCommandsAreTextAndNothingElse() {
    assertThat(command("\\df substringI?dex").lines()).hasSize(2);
    assertThat(command("\\df substring_ndex").lines()).hasSize(1);
    assertThat(command("\\dt ord*").lines()).hasSize(2);
    assertThat(command("\\dt x' OR 1 = 1 --").lines()).hasSize(1);
    assertThat(command("\\dt \\").lines()).hasSize(1);
  }

  @Test
  void formatAndTimingAreSwitched() {
    assertThat(command("\\x")).contains("vertical");
    runner.run("SELECT 1 AS one");
    assertThat(out.toString()).contains("Row 1:\none: 1\n");
    assertThat(command("\\x")).contains("table");
    assertThat(command("\\format xml")).contains("No format \"xml\"");
    assertThat(command("\\timing")).contains("on");
    runner.run("SELECT 1");
    assertThat(err.toString()).contains("1 row in ");
  }

  @Test
  void helpNamesEveryCommandAndAWrongOneShowsIt() {
    assertThat(command("\\?")).contains(Commands.names().toArray(String[]::new));
    assertThat(command("\\nonsense")).contains("No command \\nonsense", "\\dt");
    assertThat(command("\\c")).contains("needs a database");
    assertThat(new Commands(runner, new PrintWriter(out)).run("\\q")).isFalse();
  }

  @Test
  void coloursTellKeywordsTextNumbersCallsAndComments() {
    String sql = "SELECT sum(x), 'it''s SELECT' FROM t -- 1 SELECT\nLIMIT 10";
    AttributedString shown = new SqlHighlighter(Set.of("SELECT", "FROM", "LIMIT")).highlight(sql);
    assertThat(shown.toString()).isEqualTo(sql);
    assertThat(shown.styleAt(0)).isEqualTo(SqlHighlighter.KEYWORD);
    assertThat(shown.styleAt(sql.indexOf("sum"))).isEqualTo(SqlHighlighter.CALL);
    assertThat(shown.styleAt(sql.indexOf("s SELECT"))).isEqualTo(SqlHighlighter.TEXT);
    assertThat(shown.styleAt(sql.indexOf("1 SELECT"))).isEqualTo(SqlHighlighter.COMMENT);
    assertThat(shown.styleAt(sql.indexOf("LIMIT"))).isEqualTo(SqlHighlighter.KEYWORD);
    assertThat(shown.styleAt(sql.indexOf("10"))).isEqualTo(SqlHighlighter.NUMBER);
    String open = "select 'open";
    assertThat(new SqlHighlighter(Set.of()).highlight(open).toString()).isEqualTo(open);
  }

  private List<String> completed(String line) {
    List<Candidate> candidates = new ArrayList<>();
    new SqlCompleter(connection)
        .complete(
            null, new SqlParser().parse(line, line.length(), ParseContext.COMPLETE), candidates);
    return candidates.stream().map(Candidate::value).toList();
  }

  @Test
  void completionKnowsKeywordsNamesFunctionsAndSettings() {
    assertThat(completed("SEL")).containsExactly("SELECT");
    assertThat(completed("select * fr")).contains("from");
    assertThat(completed("SELECT sum(amo")).containsExactly("amount");
    assertThat(completed("SELECT uniqEx")).contains("uniqExact(");
    assertThat(completed("SELECT * FROM ord")).contains("orders");
    assertThat(completed("SELECT orders.")).contains("id").doesNotContain("SELECT");
    assertThat(completed("SET max_thr")).containsExactly("max_threads");
    assertThat(completed("SELECT 1 SETTINGS final = 0, max_thr")).containsExactly("max_threads");
  }

  @Test
  void aStatementIsDoneAtItsSemicolon() {
    assertThat(SqlParser.isDone("SELECT 1;")).isTrue();
    assertThat(SqlParser.isDone("SELECT 1; -- so it is")).isTrue();
    assertThat(SqlParser.isDone("\\d")).isTrue();
    assertThat(SqlParser.isDone("  ")).isTrue();
    assertThat(SqlParser.isDone("SELECT ';")).isFalse();
    assertThat(SqlParser.isDone("SELECT 1; SELECT")).isFalse();
    assertThatThrownBy(() -> new SqlParser().parse("SELECT", 6, ParseContext.ACCEPT_LINE))
        .isInstanceOf(EOFError.class);
  }

  @Test
  void aStatementOfManyLinesRunsAndIsRememberedAsOne() throws IOException, SQLException {
    Path history = directory.resolve("history");
    String typed = "SELECT id\nFROM orders\nWHERE id > 1;\n\\l\n\\q\nSELECT 'not reached';\n";
    try (Terminal terminal =
        new DumbTerminal(
            new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
            new ByteArrayOutputStream())) {
      terminal.setSize(new Size(80, 24));
      new Console(connection, runner, "jdbc:varve:mem:").run(terminal, history);
    }
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString()).startsWith("id\n2\n").contains("default").doesNotContain("reached");
    assertThat(Files.readString(history)).contains("SELECT id\\nFROM orders\\nWHERE id > 1;");
  }
}
