// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.server.config.ServerConfig;
import dev.varve.server.node.VarveServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files brought into a table of a server.
final class ImportTest {
  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private VarveServer server;
  private String url;

  @BeforeEach
  void start() throws Exception {
    server = VarveServer.open(ServerConfig.onFreePorts(directory.resolve("data")));
    url = "jdbc:varve://127.0.0.1:" + server.httpPort() + "/default";
    run("CREATE TABLE t (id UInt32, name String DEFAULT concat('n', toString(id))) ORDER BY id");
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String value(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private Path file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    try (OutputStream plain = Files.newOutputStream(file);
        OutputStream coded = name.endsWith(".gz") ? new GZIPOutputStream(plain) : plain) {
      coded.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  private int bring(String table, long errors, String orderBy, Path... files) {
    Import.Options options =
        new Import.Options(
            url,
            "",
            "",
            table,
            List.of(files),
            Optional.empty(),
            Optional.ofNullable(orderBy),
            errors);
    return new Import(options, new PrintWriter(out), new PrintWriter(err), false).run();
  }

  @Test
  void filesOfSeveralFormatsGoInWithTheDefaultsOfTheTable() throws Exception {
    Path csv = file("a.csv.gz", "name,id\nx,1\ny,2\n");
    Path json = file("b.json", "{\"id\":3}\n{\"name\":\"z\",\"id\":4}\n");
    assertThat(bring("t", 0, null, csv, json)).as(err::toString).isZero();
    assertThat(value("SELECT groupArray(name) FROM (SELECT * FROM t ORDER BY id)"))
        .isEqualTo("['x','y','n3','z']");
    assertThat(out.toString()).startsWith("4 rows from 2 files in ");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void refusedRowsAreListedWithFileLineColumnAndReason() throws Exception {
    Path csv = file("a.csv", "id,name\n1,a\nx,b\n3\n4,d\n");
    assertThat(bring("default.t", 2, null, csv)).isZero();
    assertThat(err.toString().lines())
        .containsExactly(
            csv + ":3: column \"id\": expected UInt32, found \"x\"",
            csv + ":4: expected 2 fields, found 1");
    assertThat(out.toString()).contains("2 rows from 1 file").endsWith("2 refused\n");
    assertThat(value("SELECT sum(id) FROM t")).isEqualTo("5");
  }

  @Test
  void oneRefusedRowTooManyLeavesNothingOfItsFile() throws Exception {
    Path good = file("a.csv", "1,a\n");
    Path bad = file("b.csv", "2,b\n" + "3,c\n".repeat(20_000) + "x,d\ny,e\n");
    assertThat(bring("t", 1, null, good, bad)).isEqualTo(1);
    assertThat(err.toString())
        .contains("Error: Code 27 (CANNOT_PARSE_INPUT): " + bad + ": row 20003: column \"id\"")
        .contains("--max-errors");
    assertThat(value("SELECT groupArray(id) FROM t")).isEqualTo("[1]");
  }

  @Test
  void theTableCanBeMadeFromTheFirstFile() throws Exception {
    Path csv = file("a.csv", "city,visits\nRome,3\nOslo,4\n");
    assertThat(bring("made", 0, "city", csv)).as(err::toString).isZero();
    assertThat(value("SELECT toTypeName(visits) FROM made LIMIT 1")).isEqualTo("Nullable(Int64)");
    assertThat(value("SELECT sum(visits) FROM made")).isEqualTo("7");
  }

  @Test
  void whatIsNotThereIsNamedWithTheRemedy() throws Exception {
    assertThat(bring("nowhere", 0, null, file("a.csv", "1\n"))).isEqualTo(1);
    assertThat(err.toString()).contains("UNKNOWN_TABLE", "\"nowhere\"", "--order-by");
    assertThat(bring("t", 0, null, directory.resolve("none.csv"))).isEqualTo(1);
    assertThat(err.toString()).contains("none.csv");
    assertThat(bring("t", 0, null, file("a.odd", "1\n"))).isEqualTo(1);
    assertThat(err.toString()).contains("a.odd does not tell its format");
  }

  @Test
  void theMeterTellsRateAndTimeLeft() {
    assertThat(Meter.line(0.25, 50_000, 10))
        .isEqualTo("[█████               ]  25 %  50.0 k rows  5000 rows/s  0:30 left");
    assertThat(Meter.line(1, 200_000, 40)).doesNotContain("left");
    assertThat(Meter.line(Double.NaN, 200_000, 40)).isEqualTo("200 k rows  5000 rows/s");
  }
}
