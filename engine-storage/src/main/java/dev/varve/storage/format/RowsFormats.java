// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.JsonWriter.Frame;
import dev.varve.storage.format.JsonWriter.Shape;
import dev.varve.storage.format.arrow.ArrowReader;
import dev.varve.storage.format.arrow.ArrowWriter;
import dev.varve.storage.format.parquet.ParquetReader;
import dev.varve.storage.format.parquet.ParquetWriter;
import dev.varve.storage.format.tagged.MsgPackReader;
import dev.varve.storage.format.tagged.MsgPackWriter;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

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

  /// Cuts the rows of a format into pieces.
  @FunctionalInterface
  private interface Cuts {
    RowPieces open(ByteInput in, List<ColumnDefinition> columns, FormatSettings settings);
  }

  /// @param output null where nothing is written in the format
  /// @param input null where nothing is read in it
  /// @param cuts null where rows cannot be told apart but by reading them
  private record Format(Output output, Input input, Cuts cuts) {
    Format(Output output, Input input) {
      this(output, input, null);
    }
  }

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
              tabs(false, count),
              (in, columns, settings) ->
                  new TabSeparatedReader(in, columns, count, false, settings),
              tabCuts(count, false));
      put(formats, tab, "TabSeparated" + headers[h], "TSV" + headers[h]);
      Format raw =
          new Format(
              tabs(true, count),
              (in, columns, settings) -> new TabSeparatedReader(in, columns, count, true, settings),
              tabCuts(count, true));
      put(formats, raw, "TabSeparatedRaw" + headers[h], "TSVRaw" + headers[h], "Raw" + headers[h]);
      Format csv =
          new Format(
              delimited(DelimitedWriter.Shape::commas, count),
              (in, columns, settings) -> new CsvReader(in, columns, count, settings),
              commaCuts(count));
      put(formats, csv, "CSV" + headers[h]);
      put(
          formats,
          new Format(
              delimited(DelimitedWriter.Shape::custom, count),
              (in, columns, settings) -> new CustomReader(in, columns, count, settings)),
          "CustomSeparated" + headers[h]);
      Input lines = h == 0 ? whole(WholeTextReader.Shape.LINE) : null;
      put(formats, new Format(tabs(true, count), lines), "LineAsString" + headers[h]);
    }
    put(
        formats,
        new Format(
            markup(MarkupWriter.Shape.KEY_VALUES),
            (in, columns, settings) -> new TskvReader(in, columns, settings.skipUnknown())),
        "TSKV");
    Output values = delimited(_ -> DelimitedWriter.Shape.values(), 0);
    put(formats, new Format(values, null), "Values");
    Output bytes = (out, _, _, settings) -> new BlobWriter(out, settings);
    put(formats, new Format(bytes, whole(WholeTextReader.Shape.EVERYTHING)), "RawBLOB");
    put(formats, new Format(TemplateWriter::new, null), "Template");
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
        new Format(
            json(new Shape(Frame.NUMBERED, false, false, 0)),
            (in, columns, settings) ->
                new JsonNamedRowsReader(in, columns, settings.skipUnknown())),
        "JSONObjectEachRow");
    put(
        formats,
        new Format(null, whole(WholeTextReader.Shape.JSON_OBJECT)),
        "JSONAsString",
        "JSONAsObject");
  }

  private static void jsonLines(Map<String, Format> formats) {
    put(
        formats,
        new Format(json(new Shape(Frame.LAID_OUT, false, false, 0)), null),
        "PrettyJSONEachRow",
        "PrettyJSONLines",
        "PrettyNDJSON");
    boolean[] choices = {false, true};
    for (boolean arrays : choices) {
      for (boolean strings : choices) {
        put(
            formats,
            new Format(json(new Shape(Frame.WITH_PROGRESS, arrays, strings, 0)), null),
            "JSON"
                + (arrays ? "Compact" : "")
                + (strings ? "Strings" : "")
                + "EachRowWithProgress");
      }
    }
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
    put(formats, new Format(PrometheusWriter::new, null), "Prometheus");
    put(formats, new Format((_, _, _, _) -> new NullWriter(), null), "Null");
  }

  private static void binary(Map<String, Format> formats) {
    put(formats, rowBinary(false, false), "RowBinary");
    put(formats, rowBinary(true, false), "RowBinaryWithNames");
    put(formats, rowBinary(true, true), "RowBinaryWithNamesAndTypes");
    put(
        formats,
        new Format(null, (in, columns, _) -> RowBinaryReader.withDefaults(in, columns)),
        "RowBinaryWithDefaults");
    Output blocks = (out, names, types, _) -> new NativeWriter(out, names, types, 0);
    Input columns = (in, table, settings) -> new NativeReader(in, table, settings.skipUnknown());
    put(formats, new Format(blocks, columns), "Native");
    put(
        formats,
        new Format(
            (out, _, _, _) -> new MsgPackWriter(out),
            (in, table, _) -> new MsgPackReader(in, table)),
        "MsgPack");
    put(formats, new Format((out, _, types, _) -> new NpyWriter(out, types), null), "Npy");
    put(formats, arrow(false), "ArrowStream");
    put(formats, arrow(true), "Arrow");
    put(
        formats,
        new Format(
            (out, names, types, _) -> new ParquetWriter(out, names, types),
            (in, table, settings) -> new ParquetReader(in, table, settings.skipUnknown())),
        "Parquet");
  }

  private static void put(Map<String, Format> formats, Format format, String... names) {
    for (String name : names) {
      formats.put(name, format);
    }
  }

  private static Output tabs(boolean raw, int headers) {
    return delimited(settings -> DelimitedWriter.Shape.tabs(raw, settings), headers);
  }

  private static Output delimited(
      Function<FormatSettings, DelimitedWriter.Shape> shape, int headers) {
    return (out, names, types, settings) ->
        new DelimitedWriter(out, shape.apply(settings), names, types, headers, settings);
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
        (in, columns, settings) -> new JsonLinesReader(in, columns, settings.skipUnknown()),
        (in, columns, settings) ->
            new RowPieces(
                in,
                _ -> new int[0],
                RowEnds::ofObjects,
                (piece, _, explains) -> {
                  JsonLinesReader reader =
                      new JsonLinesReader(piece, columns, settings.skipUnknown(), false);
                  return explains ? reader : reader.ofWholeRows();
                }));
  }

  private static Cuts tabCuts(int headers, boolean raw) {
    return (in, columns, settings) ->
        new RowPieces(
            in,
            input -> new TabSeparatedReader(input, columns, headers, raw, false, settings).header(),
            RowEnds::ofLines,
            (piece, order, _) ->
                new TabSeparatedReader(piece, columns, 0, raw, false, settings).inOrder(order));
  }

  private static Cuts commaCuts(int headers) {
    return (in, columns, settings) ->
        new RowPieces(
            in,
            input -> new CsvReader(input, columns, headers, settings, false).header(),
            RowEnds.ofFields((byte) settings.csvDelimiter()),
            (piece, order, _) -> new CsvReader(piece, columns, 0, settings, false).inOrder(order));
  }

  private static Format arrays(boolean strings, int headers) {
    return new Format(
        json(new Shape(Frame.LINES, true, strings, headers)),
        (in, columns, settings) ->
            new JsonArrayReader(in, columns, headers, settings.skipUnknown()));
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

  private static Format arrow(boolean file) {
    return new Format(
        (out, names, types, _) -> new ArrowWriter(out, file, names, types),
        (in, columns, settings) -> new ArrowReader(in, columns, settings.skipUnknown()));
  }

  /// A reader of this format into these columns.
  ///
  /// @throws VarveException UNKNOWN_FORMAT with a near name
  public static RowsReader reader(
      String format, InputStream in, List<ColumnDefinition> columns, FormatSettings settings) {
    requireInput(format);
    RowsReader reader = FORMATS.get(name(format)).input().open(in, columns, settings);
    return settings.allowedErrors() == 0 && settings.allowedErrorShare() == 0
        ? reader
        : reader.tolerating(
            new RowErrors(settings.allowedErrors(), settings.allowedErrorShare(), _ -> {}));
  }

  /// The rows of a stream in pieces, or nothing where the format, or leaving out rows that do not
  /// fit, needs one reader for all.
  ///
  /// @throws VarveException UNKNOWN_FORMAT with a near name
  public static Optional<RowPieces> pieces(
      String format, InputStream in, List<ColumnDefinition> columns, FormatSettings settings) {
    requireInput(format);
    boolean tolerant = settings.allowedErrors() > 0 || settings.allowedErrorShare() > 0;
    Cuts cuts = tolerant ? null : FORMATS.get(name(format)).cuts();
    return Optional.ofNullable(cuts).map(c -> c.open(new ByteInput(in), columns, settings));
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

  /// What a writer must know besides columns and settings.
  ///
  /// @param hasTotals whether the last row is that of WITH TOTALS
  /// @param protocol version of ClickHouse's protocol that the client speaks, or 0
  public record Answer(boolean hasTotals, int protocol) {}

  /// A writer of this format.
  public static RowsWriter writer(
      String format,
      OutputStream out,
      List<String> names,
      List<DataType> types,
      FormatSettings settings,
      Answer answer) {
    boolean versioned = answer.protocol() > 0 && name(format).equals("Native");
    RowsWriter writer =
        versioned
            ? new NativeWriter(out, names, types, answer.protocol())
            : writer(format, out, names, types, settings);
    return answer.hasTotals() ? new TotalledWriter(writer) : writer;
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
