// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.arrow.ArrowReader;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Columns of rows that nobody described: names and types, from the first rows.
///
/// Columns of text formats are Nullable, as rows that were not looked at may lack a value.
public final class SchemaInference {
  /// Rows that are looked at.
  private static final int ROWS = 25_000;

  private static final Map<String, String> ENDINGS =
      Map.ofEntries(
          Map.entry("csv", "CSV"),
          Map.entry("tsv", "TSV"),
          Map.entry("tab", "TSV"),
          Map.entry("json", "JSONEachRow"),
          Map.entry("jsonl", "JSONEachRow"),
          Map.entry("ndjson", "JSONEachRow"),
          Map.entry("jsoneachrow", "JSONEachRow"),
          Map.entry("tskv", "TSKV"),
          Map.entry("parquet", "Parquet"),
          Map.entry("pq", "Parquet"),
          Map.entry("arrow", "Arrow"),
          Map.entry("feather", "Arrow"),
          Map.entry("arrows", "ArrowStream"),
          Map.entry("native", "Native"),
          Map.entry("txt", "LineAsString"));

  private SchemaInference() {}

  /// @param format with the header that was found: `CSVWithNames` where `CSV` has one
  public record Schema(List<String> names, List<DataType> types, String format) {
    public Schema {
      names = List.copyOf(names);
      types = List.copyOf(types);
    }
  }

  /// The format that a file's ending stands for, one of a coding taken off.
  public static Optional<String> formatOf(String file) {
    String plain = FileCoding.plainName(file);
    String ending = plain.substring(plain.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return Optional.ofNullable(ENDINGS.get(ending));
  }

  /// The columns of these rows.
  ///
  /// @throws VarveException CANNOT_PARSE_INPUT, or BAD_ARGUMENTS for a format that tells nothing
  public static Schema of(String format, InputStream in) throws IOException {
    String lower = format.toLowerCase(Locale.ROOT);
    if (lower.equals("arrow") || lower.equals("arrowstream")) {
      return told(format, ArrowReader.columns(in));
    }
    if (lower.equals("native")) {
      return told(format, NativeReader.columns(in));
    }
    BufferedReader text = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    return switch (lower) {
      case "csv", "csvwithnames", "csvwithnamesandtypes" -> table(format, new Cells(text, ','));
      case "tsv",
          "tabseparated",
          "tsvwithnames",
          "tabseparatedwithnames",
          "tsvwithnamesandtypes",
          "tabseparatedwithnamesandtypes" ->
          table(format, new Cells(text, '\t'));
      case "jsoneachrow", "jsonlines", "jsonl", "ndjson" -> lines(format, text);
      case "lineasstring" -> new Schema(List.of("line"), List.of(DataTypes.STRING), format);
      case "rawblob" -> new Schema(List.of("raw_blob"), List.of(DataTypes.STRING), format);
      case "jsonasstring" -> new Schema(List.of("json"), List.of(DataTypes.STRING), format);
      default ->
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS,
              "the columns of format "
                  + format
                  + " are not told by its rows; name them: 'a UInt8, b String'");
    };
  }

  private static Schema told(String format, List<ColumnDefinition> columns) {
    return new Schema(
        columns.stream().map(ColumnDefinition::name).toList(),
        columns.stream().map(ColumnDefinition::type).toList(),
        format);
  }

  private static Schema table(String format, Cells cells) throws IOException {
    String lower = format.toLowerCase(Locale.ROOT);
    List<List<Cells.Cell>> rows = cells.rows(ROWS);
    if (rows.isEmpty()) {
      throw new VarveException(
          ErrorCode.CANNOT_PARSE_INPUT, "there are no rows to tell the columns by; name them");
    }
    boolean names = lower.endsWith("withnames") || lower.endsWith("withnamesandtypes");
    if (lower.endsWith("andtypes")) {
      List<DataType> types = new ArrayList<>();
      rows.get(1).forEach(cell -> types.add(DataTypes.parse(cell.text())));
      return new Schema(rows.getFirst().stream().map(Cells.Cell::text).toList(), types, format);
    }
    boolean header = names || isHeader(rows);
    int width = rows.stream().mapToInt(List::size).max().orElseThrow();
    List<String> columns = new ArrayList<>();
    List<DataType> types = new ArrayList<>();
    for (int c = 0; c < width; c++) {
      int column = c;
      boolean named = header && c < rows.getFirst().size();
      columns.add(named ? rows.getFirst().get(c).text() : "c" + (c + 1));
      InferredType type = InferredType.UNKNOWN;
      for (List<Cells.Cell> row : rows.subList(header ? 1 : 0, rows.size())) {
        if (column < row.size()) {
          type = type.and(InferredType.ofText(row.get(column).text(), row.get(column).quoted()));
        }
      }
      types.add(type.columnType());
    }
    return new Schema(columns, types, header && !names ? withNames(format) : format);
  }

  private static String withNames(String format) {
    return format + "WithNames";
  }

  /// Words over values that are none: the first row names the columns.
  private static boolean isHeader(List<List<Cells.Cell>> rows) {
    if (rows.size() < 2 || rows.get(0).size() != rows.get(1).size()) {
      return false;
    }
    boolean words =
        rows.getFirst().stream()
            .allMatch(cell ->
                !cell.text().isEmpty()
                    && InferredType.ofText(cell.text(), cell.quoted()) == InferredType.TEXT);
    return words
        && rows.get(1).stream()
            .anyMatch(cell -> InferredType.ofText(cell.text(), cell.quoted()) != InferredType.TEXT);
  }

  private static Schema lines(String format, BufferedReader text) throws IOException {
    Map<String, InferredType> columns = new LinkedHashMap<>();
    int rows = 0;
    for (String line = text.readLine(); line != null && rows < ROWS; line = text.readLine()) {
      String row = line.strip();
      // Rows may stand in an array, one a line.
      row = row.startsWith("[") ? row.substring(1) : row;
      row = row.endsWith(",") ? row.substring(0, row.length() - 1) : row;
      row = row.endsWith("]") && !row.contains("{") ? row.substring(0, row.length() - 1) : row;
      if (row.isBlank()) {
        continue;
      }
      if (row.endsWith("}]")) {
        row = row.substring(0, row.length() - 1);
      }
      if (!(JsonTree.parse(row) instanceof Map<?, ?> fields)) {
        throw new VarveException(
            ErrorCode.CANNOT_PARSE_INPUT, "row " + (rows + 1) + " is no JSON object");
      }
      fields.forEach((name, value) ->
          columns.merge(name.toString(), InferredType.ofJson(value), InferredType::and));
      rows++;
    }
    if (columns.isEmpty()) {
      throw new VarveException(
          ErrorCode.CANNOT_PARSE_INPUT, "there are no rows to tell the columns by; name them");
    }
    return new Schema(
        List.copyOf(columns.keySet()),
        columns.values().stream().map(InferredType::columnType).toList(),
        format);
  }
}
