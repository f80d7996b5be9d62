// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.parquet.ParquetSchema;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ParquetScanTest {
  @TempDir Path directory;

  private Path write(String query) throws Exception {
    Path file = directory.resolve("rows.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("COPY (" + query + ") TO '" + file + "' (FORMAT parquet)");
    }
    return file;
  }

  @Test
  void readsWhatAnotherDatabaseWrote() throws Exception {
    Path file =
        write(
            "SELECT CAST(42 AS BIGINT) AS big, CAST(-7 AS INTEGER) AS small, TRUE AS flag,"
                + " CAST(1.25 AS DECIMAL(15,2)) AS money, CAST(-1.5 AS DECIMAL(38,3)) AS wide,"
                + " DATE '2024-02-29' AS day, TIMESTAMP '2024-02-29 12:30:00.5' AS at,"
                + " 'text' AS text, CAST(NULL AS VARCHAR) AS nothing, 2.5::DOUBLE AS real");
    List<ParquetSchema.Column> columns = ParquetSchema.of(file);

    assertThat(columns.stream().map(ParquetSchema.Column::name))
        .containsExactly(
            "big", "small", "flag", "money", "wide", "day", "at", "text", "nothing", "real");
    assertThat(Plans.rows(new ParquetScan(List.of(file), columns)))
        .containsExactly(
            Plans.row(
                42L,
                -7L,
                true,
                new BigDecimal("1.25"),
                new BigDecimal("-1.500"),
                LocalDate.of(2024, 2, 29),
                LocalDateTime.of(2024, 2, 29, 12, 30, 0, 500_000_000),
                "text",
                null,
                2.5));
  }

  @Test
  void readsGroupsListsAndMapsThatAnotherDatabaseWrote() throws Exception {
    Path file =
        write(
            "SELECT i, CASE WHEN i % 3 = 1 THEN NULL ELSE {'a': i, 'b': 'x' || i} END AS s,"
                + " CASE WHEN i % 4 = 1 THEN NULL WHEN i % 4 = 2 THEN [] ELSE [i, NULL, i + 1] END"
                + " AS l, MAP {'k' || i: [i]} AS m, [{'p': i, 'q': [i, i]}] AS d"
                + " FROM range(20000) t(i)");
    List<ParquetSchema.Column> columns = ParquetSchema.of(file);
    assertThat(columns.stream().map(column -> column.type().name()))
        .containsExactly(
            "Nullable(Int64)",
            "Tuple(a Nullable(Int64), b Nullable(String))",
            "Array(Nullable(Int64))",
            "Map(String, Array(Nullable(Int64)))",
            "Array(Tuple(p Nullable(Int64), q Array(Nullable(Int64))))");
    List<List<Object>> rows = Plans.rows(new ParquetScan(List.of(file), columns));
    assertThat(rows).hasSize(20_000);
    for (long i : new long[] {0, 1, 2, 3, 9_001, 19_999}) {
      assertThat(rows.get((int) i))
          .isEqualTo(
              Plans.row(
                  i,
                  i % 3 == 1 ? Arrays.asList(null, null) : List.of(i, "x" + i),
                  i % 4 == 1 || i % 4 == 2 ? List.of() : Arrays.asList(i, null, i + 1),
                  Map.of("k" + i, List.of(i)),
                  List.of(List.of(i, List.of(i, i)))));
    }
  }

  @Test
  void readsManyRowsInTheirOrder() throws Exception {
    Path file = write("SELECT i, 'row ' || i AS text FROM range(20000) t(i)");
    List<List<Object>> rows = Plans.rows(new ParquetScan(List.of(file), ParquetSchema.of(file)));

    assertThat(rows).hasSize(20_000);
    assertThat(rows.get(12_345)).isEqualTo(Plans.row(12_345L, "row 12345"));
  }

  @Test
  void aFileThatIsNoneIsNamedInTheError() throws Exception {
    Path file = directory.resolve("no.parquet");
    Files.write(file, "this is a text file".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> ParquetSchema.of(file))
        .isInstanceOfSatisfying(
            VarveException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPTED_DATA))
        .hasMessageContaining("no.parquet");
  }
}
