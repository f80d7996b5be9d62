// SPDX-License-Identifier: Apache-2.0
package dev.varve.bench.suite;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Consumer;

/// Makes a Parquet file of lines whose fields are separated by `|`. A file that is there already is
/// kept.
public final class TextTable {
  private TextTable() {}

  /// @param lines hands each line to the consumer it is given
  public static SuiteTable make(
      Path directory,
      String name,
      List<SuiteTable.Column> columns,
      Consumer<Consumer<String>> lines)
      throws IOException, SQLException {
    Path parquet = directory.resolve(name + ".parquet");
    if (!Files.exists(parquet)) {
      Files.createDirectories(directory);
      Path text = directory.resolve(name + ".text");
      write(text, lines);
      convert(text, columns, directory.resolve(name + ".partial"));
      Files.move(directory.resolve(name + ".partial"), parquet, StandardCopyOption.ATOMIC_MOVE);
      Files.delete(text);
    }
    return new SuiteTable(name, columns, parquet, "");
  }

  private static void write(Path text, Consumer<Consumer<String>> lines) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(text, StandardCharsets.UTF_8)) {
      lines.accept(line -> {
        try {
          out.write(line);
          out.write('\n');
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    }
  }

  private static void convert(Path text, List<SuiteTable.Column> columns, Path to)
      throws SQLException {
    StringBuilder types = new StringBuilder();
    for (SuiteTable.Column column : columns) {
      types.append(types.isEmpty() ? "" : ", ");
      types.append('\'').append(column.name()).append("': '").append(column.type()).append('\'');
    }
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute(
          "COPY (SELECT * FROM read_csv('"
              + text
              + "', delim = '|', header = false, quote = '', escape = '', nullstr = '',"
              + " auto_detect = false, columns = {"
              + types
              + "})) TO '"
              + to
              + "' (FORMAT PARQUET, COMPRESSION ZSTD)");
    }
  }
}
