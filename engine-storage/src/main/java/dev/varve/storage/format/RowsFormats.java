// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.JsonWriter.Frame;
import dev.varve.storage.format.JsonWriter.Shape;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The formats by name: the one place that knows them all. `FORMAT`, `INSERT … FORMAT`, HTTP and
/// `system.formats` ask here.
public final class RowsFormats {
  /// Makes the writer of a format.
  @FunctionalInterface
  private interface Output {
    RowsWriter open(
        OutputStream out, List<String> names, List<DataType> types, FormatSettings settings);
  }

  /// Makes the reader of a format.
  @FunctionalInterface
  private interface Input {
    RowsReader open(InputStream in, List<ColumnDefinition> columns, FormatSettings settings);
  }

  private record Format(Output output, Input input) {}

  private static final Map<String, Format> FORMATS = formats();

  /// Names for output.
  public static final List<String> OUTPUT =
      FORMATS.keySet().stream().filter(name -> FORMATS.get(name).output() != null).toList();

  /// Names for input.
  public static final List<String> INPUT =
      FORMATS.keySet().stream().filter(name -> FORMATS.get(name).input() != null).toList();

  private RowsFormats() {}

  private static Map<String, Format> formats() {
    Map<String, Format> formats = new LinkedHashMap<>();
    separated(formats);
    json(formats);
    jsonLines(formats);
    drawn(formats);
    binary(formats);
    return formats;
  }

  private static void separated(Map<String, Format> formats) {
    String[] headers = {"", "WithNames", "WithNamesAndTypes"};
    for (int h = 0; h < headers.length; h++) {
      int count = h;
      Format tab =
          new Format(
              delimited(DelimitedWriter.Shape.TAB, count),
              (in, columns, _) -> new TabSeparatedReader(in, columns, count, false));
      put(formats, tab, "TabSeparated" + headers[h], "TSV" + headers[h]);
      Format raw =
          new Format(
              delimited(DelimitedWriter.Shape.TAB_RAW, count),
              (in, columns, _) -> new TabSeparatedReader(in, columns, count, true));
      put(formats, raw, "TabSeparatedRaw" + headers[h], "TSVRaw" + headers[h], "Raw" + headers[h]);
      Format csv =
          new Format(
              delimited(DelimitedWriter.Shape.COMMA, count),
              (in, columns, settings) -> new CsvReader(in, columns, count, settings));
      put(formats, csv, "CSV" + headers[h]);
    }
    put(
        formats,
        new Format(
            markup(MarkupWriter.Shape.KEY_VALUES),
            (in, columns, settings) -> new TskvReader(in, columns, settings.skipUnknown())),
        "TSKV");
    put(formats, new Format(delimited(DelimitedWriter.Shape.VALUES, 0), null), "Values");
    put(
        formats,
        new Format(delimited(DelimitedWriter.Shape.TAB_RAW, 0), whole(WholeTextReader.Shape.LINE)),
        "LineAsString");
    put(
        formats,
        new Format(markup(MarkupWriter.Shape.BYTES), whole(WholeTextReader.Shape.EVERYTHING)),
        "RawBLOB");
    put(formats, new Format(markup(MarkupWriter.Shape.INSERT), null), "SQLInsert");
  }

  private static void json(Map<String, Format> formats) {
    put(formats, document(false, false), "JSON");
    put(formats, document(false, true), "JSONStrings");
    put(formats, document(true, false), "JSONCompact");
    put(formats, document(true, true), "JSONCompactStrings");
    put(formats, columns(JsonColumnsWriter.Shape.OBJECT), "JSONColumns");
    put(formats, columns(JsonColumnsWriter.Shape.WITH_METADATA), "JSONColumnsWithMetadata");
    put(formats, columns(JsonColumnsWriter.Shape.ARRAYS), "JSONCompactColumns");
    put(
        formats,
        new Format(json(new Shape(Frame.NUMBERED, false, false, 0)), null),
        "JSONObjectEachRow");
    put(
        formats,
        new Format(null, whole(WholeTextReader.Shape.JSON_OBJECT)),
        "JSONAsString",
        "JSONAsObject");
  }

  private static void jsonLines(Map<String, Format> formats) {
    put(formats, lines(false), "JSONEachRow", "JSONLines", "JSONL", "NDJSON");
    put(formats, lines(true), "JSONStringsEachRow");
    String[] headers = {"", "WithNames", "WithNamesAndTypes"};
    for (int h = 0; h < headers.length; h++) {
      put(formats, arrays(false, h), "JSONCompactEachRow" + headers[h]);
      put(formats, arrays(true, h), "JSONCompactStringsEachRow" + headers[h]);
    }
  }

  private static void drawn(Map<String, Format> formats) {
    Format grid = pretty(PrettyWriter.Shape.GRID);
    put(formats, grid, "Pretty", "PrettyNoEscapes", "PrettyMonoBlock", "PrettyNoEscapesMonoBlock");
    put(
        formats,
        pretty(PrettyWriter.Shape.COMPACT),
        "PrettyCompact",
        "PrettyCompactNoEscapes",
        "PrettyCompactMonoBlock",
        "PrettyCompactNoEscapesMonoBlock");
    put(
        formats,
        pretty(PrettyWriter.Shape.SPACE),
        "PrettySpace",
        "PrettySpaceNoEscapes",
        "PrettySpaceMonoBlock",
        "PrettySpaceNoEscapesMonoBlock");
    Output vertical = (out, names, _, settings) -> new VerticalWriter(out, names, settings);
    put(formats, new Format(vertical, null), "Vertical");
    put(formats, new Format(markup(MarkupWriter.Shape.MARKDOWN), null), "Markdown", "MD");
    put(formats, new Format(XmlWriter::new, null), "XML");
    put(formats, new Format((_, _, _, _) -> new NullWriter(), null), "Null");
  }

  private static void binary(Map<String, Format> formats) {
    put(formats, rowBinary(false, false), "RowBinary");
    put(formats, rowBinary(true, false), "RowBinaryWithNames");
    put(formats, rowBinary(true, true), "RowBinaryWithNamesAndTypes");
    Output blocks = (out, names, types, _) -> new NativeWriter(out, names, types);
    put(formats, new Format(blocks, null), "Native");
  }

  private static void put(Map<String, Format> formats, Format format, String... names) {
    for (String name : names) {
      formats.put(name, format);
    }
  }

  private static Output delimited(DelimitedWriter.Shape shape, int headers) {
    return (out, names, types, settings) ->
        new DelimitedWriter(out, shape, names, types, headers, settings);
  }

  private static Output markup(MarkupWriter.Shape shape) {
    return (out, names, types, settings) -> new MarkupWriter(out, shape, names, types, settings);
  }

  private static Output json(Shape shape) {
    return (out, names, types, settings) -> new JsonWriter(out, shape, names, types, settings);
  }

  private static Input whole(WholeTextReader.Shape shape) {
    return (in, columns, _) -> new WholeTextReader(in, columns, shape);
  }

  private static Format document(boolean arrays, boolean strings) {
    return new Format(
        json(new Shape(Frame.DOCUMENT, arrays, strings, 0)),
        (in, columns, settings) ->
            new JsonDocumentReader(in, columns, arrays, settings.skipUnknown()));
  }

  private static Format columns(JsonColumnsWriter.Shape shape) {
    return new Format(
        (out, names, types, settings) -> new JsonColumnsWriter(out, shape, names, types, settings),
        (in, columns, settings) -> new JsonColumnsReader(in, columns, settings.skipUnknown()));
  }

  private static Format lines(boolean strings) {
    return new Format(
        json(new Shape(Frame.LINES, false, strings, 0)),
        (in, columns, settings) -> new JsonLinesReader(in, columns, settings.skipUnknown()));
  }

  private static Format arrays(boolean strings, int headers) {
    return new Format(
        json(new Shape(Frame.LINES, true, strings, headers)),
        (in, columns, _) -> new JsonArrayReader(in, columns, headers));
  }

  private static Format pretty(PrettyWriter.Shape shape) {
    return new Format(
        (out, names, types, settings) -> new PrettyWriter(out, shape, names, types, settings),
        null);
  }

  private static Format rowBinary(boolean withNames, boolean withTypes) {
    return new Format(
        (out, names, types, _) -> new BinaryWriter(out, names, types, withNames, withTypes),
        (in, columns, _) -> new RowBinaryReader(in, columns, withNames, withTypes));
  }

  /// A reader of this format into these columns.
  ///
  /// @throws VarveException UNKNOWN_FORMAT with a near name
  public static RowsReader reader(
      String format, InputStream in, List<ColumnDefinition> columns, FormatSettings settings) {
    requireInput(format);
    return FORMATS.get(name(format)).input().open(in, columns, settings);
  }

  /// The same as a statement without settings has it.
  public static RowsReader reader(String format, InputStream in, List<ColumnDefinition> columns) {
    return reader(format, in, columns, FormatSettings.DEFAULT);
  }

  /// Fails where no reader is of this name, which a query need not run to find out.
  ///
  /// @throws VarveException UNKNOWN_FORMAT with a near name
  public static void requireInput(String format) {
    if (!INPUT.contains(name(format))) {
      throw unknown("input", format, INPUT);
    }
  }

  /// Fails where no writer is of this name, which a query need not run to find out.
  ///
  /// @throws VarveException UNKNOWN_FORMAT with a near name
  public static void requireOutput(String format) {
    if (!OUTPUT.contains(name(format))) {
      throw unknown("output", format, OUTPUT);
    }
  }

  /// A writer of this format.
  ///
  /// @throws VarveException UNKNOWN_FORMAT with a near name
  public static RowsWriter writer(
      String format,
      OutputStream out,
      List<String> names,
      List<DataType> types,
      FormatSettings settings) {
    requireOutput(format);
    return FORMATS.get(name(format)).output().open(out, names, types, settings);
  }

  /// The same as a statement without settings has it.
  public static RowsWriter writer(
      String format, OutputStream out, List<String> names, List<DataType> types) {
    return writer(format, out, names, types, FormatSettings.DEFAULT);
  }

  /// The name as it is listed: any case is taken.
  private static String name(String format) {
    if (FORMATS.containsKey(format)) {
      return format;
    }
    for (String name : FORMATS.keySet()) {
      if (name.equalsIgnoreCase(format)) {
        return name;
      }
    }
    return format;
  }

  private static VarveException unknown(String way, String format, Collection<String> names) {
    return new VarveException(
        ErrorCode.UNKNOWN_FORMAT,
        "unknown " + way + " format \"" + format + "\"" + NearNames.suggest(format, names));
  }

  /// Takes rows and writes nothing, to time a query without its output.
  private static final class NullWriter implements RowsWriter {
    @Override
    public void begin() {}

    @Override
    public void write(Batch batch) {}

    @Override
    public void end(Statistics statistics) {}

    @Override
    public String contentType() {
      return "text/plain; charset=UTF-8";
    }
  }
}
