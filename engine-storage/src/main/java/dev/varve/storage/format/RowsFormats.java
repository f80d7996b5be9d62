// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/// The formats by name: the one place that knows them all.
public final class RowsFormats {
  /// Names for output, without aliases.
  public static final List<String> OUTPUT =
      List.of(
          "TabSeparated",
          "TabSeparatedRaw",
          "TabSeparatedWithNames",
          "TabSeparatedWithNamesAndTypes",
          "CSV",
          "CSVWithNames",
          "CSVWithNamesAndTypes",
          "JSON",
          "JSONCompact",
          "JSONEachRow",
          "JSONCompactEachRow",
          "RowBinary",
          "RowBinaryWithNames",
          "RowBinaryWithNamesAndTypes",
          "Values",
          "Vertical",
          "Pretty",
          "PrettyCompact",
          "Null");

  /// Names for input, without aliases.
  public static final List<String> INPUT =
      List.of(
          "TabSeparated",
          "TabSeparatedWithNames",
          "TabSeparatedWithNamesAndTypes",
          "CSV",
          "CSVWithNames",
          "CSVWithNamesAndTypes",
          "JSONEachRow",
          "RowBinary",
          "RowBinaryWithNames",
          "RowBinaryWithNamesAndTypes");

  private RowsFormats() {}

  /// A reader of this format into these columns.
  ///
  /// @throws VarveException UNKNOWN_FORMAT with a near name
  public static RowsReader reader(String format, InputStream in, List<ColumnDefinition> columns) {
    return switch (canonical(format)) {
      case "TabSeparated" -> new TabSeparatedReader(in, columns, 0);
      case "TabSeparatedWithNames" -> new TabSeparatedReader(in, columns, 1);
      case "TabSeparatedWithNamesAndTypes" -> new TabSeparatedReader(in, columns, 2);
      case "CSV" -> new CsvReader(in, columns, 0);
      case "CSVWithNames" -> new CsvReader(in, columns, 1);
      case "CSVWithNamesAndTypes" -> new CsvReader(in, columns, 2);
      case "JSONEachRow" -> new JsonLinesReader(in, columns, false);
      case "RowBinary" -> new RowBinaryReader(in, columns, false, false);
      case "RowBinaryWithNames" -> new RowBinaryReader(in, columns, true, false);
      case "RowBinaryWithNamesAndTypes" -> new RowBinaryReader(in, columns, true, true);
      default ->
          throw new VarveException(
              ErrorCode.UNKNOWN_FORMAT,
              "unknown input format \"" + format + "\"" + NearNames.suggest(format, INPUT));
    };
  }

  private static String canonical(String format) {
    return switch (format) {
      case "JSONLines", "NDJSON" -> "JSONEachRow";
      case String tsv when tsv.startsWith("TSV") -> "TabSeparated" + tsv.substring(3);
      default -> format;
    };
  }

  /// Fails where no writer is of this name, which a query need not run to find out.
  ///
  /// @throws VarveException UNKNOWN_FORMAT with a near name
  public static void requireOutput(String format) {
    String name = canonical(format);
    if (!OUTPUT.contains(name) && !name.equals("PrettyCompactMonoBlock")) {
      throw unknownOutput(format);
    }
  }

  private static VarveException unknownOutput(String format) {
    return new VarveException(
        ErrorCode.UNKNOWN_FORMAT,
        "unknown output format \"" + format + "\"" + NearNames.suggest(format, OUTPUT));
  }

  /// A writer of this format.
  ///
  /// @throws VarveException UNKNOWN_FORMAT with a near name
  public static RowsWriter writer(
      String format, OutputStream out, List<String> names, List<DataType> types) {
    return switch (canonical(format)) {
      case "TabSeparated" -> delimited(out, DelimitedWriter.Shape.TAB, names, types, 0);
      case "TabSeparatedRaw" -> delimited(out, DelimitedWriter.Shape.TAB_RAW, names, types, 0);
      case "TabSeparatedWithNames" -> delimited(out, DelimitedWriter.Shape.TAB, names, types, 1);
      case "TabSeparatedWithNamesAndTypes" ->
          delimited(out, DelimitedWriter.Shape.TAB, names, types, 2);
      case "CSV" -> delimited(out, DelimitedWriter.Shape.COMMA, names, types, 0);
      case "CSVWithNames" -> delimited(out, DelimitedWriter.Shape.COMMA, names, types, 1);
      case "CSVWithNamesAndTypes" -> delimited(out, DelimitedWriter.Shape.COMMA, names, types, 2);
      case "Values" -> delimited(out, DelimitedWriter.Shape.VALUES, names, types, 0);
      case "JSON" -> new JsonWriter(out, JsonWriter.Shape.DOCUMENT, names, types);
      case "JSONCompact" -> new JsonWriter(out, JsonWriter.Shape.COMPACT, names, types);
      case "JSONEachRow" -> new JsonWriter(out, JsonWriter.Shape.EACH_ROW, names, types);
      case "JSONCompactEachRow" ->
          new JsonWriter(out, JsonWriter.Shape.COMPACT_EACH_ROW, names, types);
      case "RowBinary" -> new BinaryWriter(out, names, types, false, false);
      case "RowBinaryWithNames" -> new BinaryWriter(out, names, types, true, false);
      case "RowBinaryWithNamesAndTypes" -> new BinaryWriter(out, names, types, true, true);
      case "Vertical" -> new PrettyWriter(out, names, types, true);
      case "Pretty", "PrettyCompact", "PrettyCompactMonoBlock" ->
          new PrettyWriter(out, names, types, false);
      case "Null" -> new NullWriter();
      default -> throw unknownOutput(format);
    };
  }

  private static RowsWriter delimited(
      OutputStream out,
      DelimitedWriter.Shape shape,
      List<String> names,
      List<DataType> types,
      int headers) {
    return new DelimitedWriter(out, shape, names, types, headers >= 1, headers >= 2);
  }

  /// Takes rows and writes nothing, to time a query without its output.
  private static final class NullWriter implements RowsWriter {
    @Override
    public void begin() {}

    @Override
    public void write(Batch batch) {}

    @Override
    public void end(Statistics statistics) throws IOException {}

    @Override
    public String contentType() {
      return "text/plain; charset=UTF-8";
    }
  }
}
