// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One value as text, in the style of a format. Not safe for threads: it remembers time zones.
public final class TextOutput {
  /// How strings are guarded and NULL is written.
  public enum Style {
    /// Tab-separated: backslash escapes, `\N`.
    ESCAPED,
    /// As it is, `ᴺᵁᴸᴸ`.
    RAW,
    /// As it is, `\N`.
    PLAIN,
    /// Double quotes, doubled inside; `\N`.
    CSV,
    /// JSON strings; `null`; floats that JSON lacks become null.
    JSON,
    /// SQL literals in single quotes; `NULL`. What stands inside arrays of the text styles.
    QUOTED;

    static Style of(FormatSettings.Escaping rule) {
      return switch (rule) {
        case ESCAPED -> ESCAPED;
        case QUOTED -> QUOTED;
        case CSV -> CSV;
        case JSON -> JSON;
        case RAW -> PLAIN;
      };
    }
  }

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final Style style;
  private final ByteSink sink;
  private final FormatSettings settings;
  private final MomentText moments;
  private String indent;
  private int depth;

  public TextOutput(Style style, ByteSink sink) {
    this(style, sink, FormatSettings.DEFAULT);
  }

  TextOutput(Style style, ByteSink sink, FormatSettings settings) {
    this.style = style;
    this.sink = sink;
    this.settings = settings;
    this.moments = new MomentText(sink, settings.times());
  }

  /// Lays JSON out over lines: whatever holds tuples or maps has a line for each of its elements.
  ///
  /// @param step what a line stands in by
  /// @param steps how often it does
  TextOutput laidOut(String step, int steps) {
    indent = step;
    depth = steps;
    return this;
  }

  /// Appends the value of a row to the sink.
  public void write(Vector vector, int row) {
    write(vector, row, style);
  }

  private void write(Vector vector, int row, Style as) {
    if (vector.isNull(row)) {
      sink.put(
          switch (as) {
            case ESCAPED, PLAIN -> settings.tsvNull();
            case CSV -> settings.csvNull();
            case RAW -> "ᴺᵁᴸᴸ";
            case JSON -> "null";
            case QUOTED -> "NULL";
          });
      return;
    }
    value(vector.base(), vector.valueRow(row), vector.type().unwrapped(), as);
  }

  private void value(Vector base, int row, DataType type, Style as) {
    switch (type) {
      case DataType.Int integer -> integer(base, row, integer, as);
      case DataType.Float(int bits) -> floating(base, row, bits, as);
      case DataType.Decimal decimal -> {
        quoteIf(as == Style.JSON && settings.json().quotesDecimals());
        BigInteger unscaled = base.getInteger(row);
        sink.put(
            settings.decimalZeros()
                ? new BigDecimal(unscaled, decimal.scale()).toPlainString()
                : NumberText.ofDecimal(unscaled, decimal.scale()));
        quoteIf(as == Style.JSON && settings.json().quotesDecimals());
      }
      case DataType.Bool _ -> truth(base.getLong(row) != 0, as);
      case DataType.Text _, DataType.FixedText _, DataType.AggregateState _ ->
          string(base.getSegment(row), as);
      case DataType.Date _, DataType.Date32 _ -> {
        quote(as);
        moments.date(base.getLong(row));
        quote(as);
      }
      case DataType.Time _ -> {
        quote(as);
        moments.span(base.getLong(row), 0);
        quote(as);
      }
      case DataType.Time64(int precision) -> {
        quote(as);
        moments.span(base.getLong(row), precision);
        quote(as);
      }
      case DataType.DateTime(String name) -> moment(base.getLong(row), 0, name, as);
      case DataType.DateTime64(int precision, String name) ->
          moment(base.getLong(row), precision, name, as);
      case DataType.Enumeration labels -> {
        String label = labels.textOf(base.getLong(row));
        string(
            MemorySegment.ofArray(
                (label == null ? Long.toString(base.getLong(row)) : label)
                    .getBytes(StandardCharsets.UTF_8)),
            as);
      }
      case DataType.Uuid _ -> {
        quote(as);
        uuid(base.getSegment(row));
        quote(as);
      }
      case DataType.Ipv4 _, DataType.Ipv6 _ -> {
        quote(as);
        sink.put(VectorValues.get(base, row).toString());
        quote(as);
      }
      case DataType.Array _ -> nested(() -> array(base, row, inner(as)), as);
      case DataType.Tuple tuple -> nested(() -> tuple(base, row, tuple, inner(as)), as);
      case DataType.MapOf _ -> nested(() -> map(base, row, inner(as)), as);
      case DataType.Nothing _ -> sink.put(as == Style.JSON ? "null" : "NULL");
      case DataType.Nullable _, DataType.LowCardinality _, DataType.SimpleAggregate _ ->
          throw new IllegalStateException("still wrapped: " + type.name());
    }
  }

  private static Style inner(Style outer) {
    return outer == Style.JSON ? Style.JSON : Style.QUOTED;
  }

  /// In CSV a nested value is one quoted field; its own double quotes are doubled.
  private void nested(Runnable body, Style as) {
    if (as != Style.CSV && as != Style.ESCAPED) {
      body.run();
      return;
    }
    int start = sink.size();
    body.run();
    byte[] text = new byte[sink.size() - start];
    System.arraycopy(sink.array(), start, text, 0, text.length);
    sink.truncate(start);
    if (as == Style.CSV) {
      string(MemorySegment.ofArray(text), Style.CSV);
    } else {
      // Quoted elements already carry backslash escapes, which tab-separated text keeps as they
      // are.
      sink.put(text);
    }
  }

  private void quote(Style as) {
    switch (as) {
      case CSV, JSON -> sink.put('"');
      case QUOTED -> sink.put('\'');
      case ESCAPED, RAW, PLAIN -> {}
    }
  }

  private void quoteIf(boolean quoted) {
    if (quoted) {
      sink.put('"');
    }
  }

  private void truth(boolean value, Style as) {
    if (as == Style.JSON || as == Style.QUOTED) {
      sink.put(value ? "true" : "false");
    } else {
      sink.put(value ? settings.trueText() : settings.falseText());
    }
  }

  private void integer(Vector base, int row, DataType.Int type, Style as) {
    boolean quoted = as == Style.JSON && type.bits() >= 64 && settings.json().quotesLongs();
    quoteIf(quoted);
    digits(base, row, type);
    quoteIf(quoted);
  }

  private void digits(Vector base, int row, DataType.Int type) {
    if (type.bits() < 64 || (type.bits() == 64 && (type.signed() || base.getLong(row) >= 0))) {
      sink.putNumber(base.getLong(row));
    } else {
      sink.put(base.getInteger(row).toString());
    }
  }

  private void floating(Vector base, int row, int bits, Style as) {
    double value = base.getDouble(row);
    boolean odd = as == Style.JSON && !Double.isFinite(value);
    if (odd && !settings.json().quotesDenormals()) {
      sink.put("null");
      return;
    }
    boolean quoted = odd || as == Style.JSON && bits == 64 && settings.json().quotesDoubles();
    quoteIf(quoted);
    sink.put(bits == 32 ? NumberText.of((float) value) : NumberText.of(value));
    quoteIf(quoted);
  }

  private void string(MemorySegment text, Style as) {
    switch (as) {
      case RAW, PLAIN -> sink.put(text);
      case ESCAPED -> backslashed(text, as);
      case QUOTED -> {
        sink.put('\'');
        backslashed(text, as);
        sink.put('\'');
      }
      case CSV -> {
        sink.put('"');
        for (long i = 0; i < text.byteSize(); i++) {
          byte b = text.get(JAVA_BYTE, i);
          if (b == '"') {
            sink.put('"');
          }
          sink.put(b);
        }
        sink.put('"');
      }
      case JSON -> json(text);
    }
  }

  private void backslashed(MemorySegment text, Style as) {
    for (long i = 0; i < text.byteSize(); i++) {
      byte b = text.get(JAVA_BYTE, i);
      switch (b) {
        case '\b' -> sink.put("\\b");
        case '\f' -> sink.put("\\f");
        case '\n' -> sink.put("\\n");
        case '\r' -> sink.put("\\r");
        case '\t' -> sink.put("\\t");
        case 0 -> sink.put("\\0");
        case '\'' -> sink.put("\\'");
        case '\\' -> sink.put("\\\\");
        default -> sink.put(b);
      }
    }
  }

  private void json(MemorySegment text) {
    sink.put('"');
    for (long i = 0; i < text.byteSize(); i++) {
      byte b = text.get(JAVA_BYTE, i);
      switch (b) {
        case '"' -> sink.put("\\\"");
        case '\\' -> sink.put("\\\\");
        case '/' -> sink.put(settings.json().escapesSlashes() ? "\\/" : "/");
        case '\b' -> sink.put("\\b");
        case '\f' -> sink.put("\\f");
        case '\n' -> sink.put("\\n");
        case '\r' -> sink.put("\\r");
        case '\t' -> sink.put("\\t");
        default -> {
          if (b >= 0 && b < 0x20) {
            sink.put("\\u00").put(HEX[b >> 4]).put(HEX[b & 15]);
          } else if (b == (byte) 0xE2 && isLineSeparator(text, i)) {
            sink.put("\\u202").put(text.get(JAVA_BYTE, i + 2) == (byte) 0xA8 ? '8' : '9');
            i += 2;
          } else {
            sink.put(b);
          }
        }
      }
    }
    sink.put('"');
  }

  /// U+2028 and U+2029 end a line in JavaScript, which reads JSON as text of its own.
  private static boolean isLineSeparator(MemorySegment text, long at) {
    return at + 2 < text.byteSize()
        && text.get(JAVA_BYTE, at + 1) == (byte) 0x80
        && (text.get(JAVA_BYTE, at + 2) & 0xFE) == 0xA8;
  }

  /// A JSON string, for the names of columns.
  void jsonString(String text) {
    json(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)));
  }

  /// The first bytes of an array as a JSON string.
  void jsonString(byte[] text, int length) {
    json(MemorySegment.ofArray(text).asSlice(0, length));
  }

  /// A string in this style, for headers.
  void writeString(String text) {
    string(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)), style);
  }

  private void moment(long ticks, int precision, String zone, Style as) {
    boolean guarded = settings.times() != FormatSettings.Times.UNIX || as == Style.JSON;
    if (guarded) {
      quote(as);
    }
    moments.moment(ticks, precision, zone);
    if (guarded) {
      quote(as);
    }
  }

  private void uuid(MemorySegment bytes) {
    for (int i = 0; i < 16; i++) {
      if (i == 4 || i == 6 || i == 8 || i == 10) {
        sink.put('-');
      }
      byte b = bytes.get(JAVA_BYTE, i);
      sink.put(HEX[b >> 4 & 15]).put(HEX[b & 15]);
    }
  }

  private void array(Vector base, int row, Style as) {
    boolean lines = as == Style.JSON && indent != null && holdsLines(base.elements().type());
    open('[', lines);
    for (int e = base.listFrom(row); e < base.listTo(row); e++) {
      between(e > base.listFrom(row), lines);
      write(base.elements(), e, as);
    }
    close(']', lines, base.listTo(row) > base.listFrom(row));
  }

  private static boolean holdsLines(DataType type) {
    return switch (type.unwrapped()) {
      case DataType.Array _, DataType.Tuple _, DataType.MapOf _ -> true;
      default -> false;
    };
  }

  private void open(char bracket, boolean lines) {
    sink.put(bracket);
    depth += lines ? 1 : 0;
  }

  private void between(boolean later, boolean lines) {
    if (later) {
      sink.put(',');
    }
    if (lines) {
      newLine();
    }
  }

  private void close(char bracket, boolean lines, boolean filled) {
    if (lines) {
      depth--;
      if (filled) {
        newLine();
      }
    }
    sink.put(bracket);
  }

  private void newLine() {
    sink.put('\n');
    for (int i = 0; i < depth; i++) {
      sink.put(indent);
    }
  }

  private void tuple(Vector base, int row, DataType.Tuple type, Style as) {
    boolean json = as == Style.JSON;
    boolean object = json && !type.names().isEmpty() && settings.json().tuplesAreObjects();
    boolean lines = json && indent != null;
    open(object ? '{' : json ? '[' : '(', lines);
    for (int f = 0; f < base.children().size(); f++) {
      between(f > 0, lines);
      if (object) {
        jsonString(type.names().get(f));
        sink.put(lines ? ": " : ":");
      }
      write(base.children().get(f), row, as);
    }
    close(object ? '}' : json ? ']' : ')', lines, !base.children().isEmpty());
  }

  private void map(Vector base, int row, Style as) {
    Vector keys = base.elements().children().get(0);
    Vector values = base.elements().children().get(1);
    boolean lines = as == Style.JSON && indent != null;
    open('{', lines);
    for (int e = base.listFrom(row); e < base.listTo(row); e++) {
      between(e > base.listFrom(row), lines);
      if (as == Style.JSON) {
        // JSON names are strings, so whatever the key is becomes one.
        string(MemorySegment.ofArray(keyText(keys, e)), Style.JSON);
      } else {
        write(keys, e, as);
      }
      sink.put(lines ? ": " : ":");
      write(values, e, as);
    }
    close('}', lines, base.listTo(row) > base.listFrom(row));
  }

  private byte[] keyText(Vector keys, int row) {
    int start = sink.size();
    write(keys, row, Style.PLAIN);
    byte[] text = Arrays.copyOfRange(sink.array(), start, sink.size());
    sink.truncate(start);
    return text;
  }

  /// A value as one text, for plans, errors and tests.
  public static String text(Vector vector, int row) {
    ByteSink sink = new ByteSink();
    new TextOutput(Style.RAW, sink).write(vector, row);
    return new String(sink.array(), 0, sink.size(), StandardCharsets.UTF_8);
  }
}
