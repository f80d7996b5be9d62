// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
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
    QUOTED
  }

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final Style style;
  private final ByteSink sink;
  private final FormatSettings settings;
  private String zoneName = "";
  private ZoneRules zone = ZoneOffset.UTC.getRules();

  public TextOutput(Style style, ByteSink sink) {
    this(style, sink, FormatSettings.DEFAULT);
  }

  TextOutput(Style style, ByteSink sink, FormatSettings settings) {
    this.style = style;
    this.sink = sink;
    this.settings = settings;
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
        sink.put(NumberText.ofDecimal(base.getInteger(row), decimal.scale()));
        quoteIf(as == Style.JSON && settings.json().quotesDecimals());
      }
      case DataType.Bool _ -> truth(base.getLong(row) != 0, as);
      case DataType.Text _, DataType.FixedText _, DataType.AggregateState _ ->
          string(base.getSegment(row), as);
      case DataType.Date _, DataType.Date32 _ -> {
        quote(as);
        date(base.getLong(row));
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

  private void date(long epochDay) {
    // Civil date of a day number, proleptic Gregorian, by counting from 0000-03-01.
    long z = epochDay + 719_468;
    long era = Math.floorDiv(z, 146_097);
    int dayOfEra = (int) (z - era * 146_097);
    int yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int shifted = (5 * dayOfYear + 2) / 153;
    int day = dayOfYear - (153 * shifted + 2) / 5 + 1;
    int month = shifted < 10 ? shifted + 3 : shifted - 9;
    long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    sink.putPadded((int) year, 4).put('-').putPadded(month, 2).put('-').putPadded(day, 2);
  }

  private void dateTime(long epochSecond, String name, char between) {
    long local = epochSecond + offsetSeconds(epochSecond, name);
    date(Math.floorDiv(local, 86_400));
    int second = (int) Math.floorMod(local, 86_400L);
    sink.put(between)
        .putPadded(second / 3_600, 2)
        .put(':')
        .putPadded(second / 60 % 60, 2)
        .put(':')
        .putPadded(second % 60, 2);
  }

  private void moment(long ticks, int precision, String zone, Style as) {
    long perSecond = 1;
    for (int i = 0; i < precision; i++) {
      perSecond *= 10;
    }
    long second = Math.floorDiv(ticks, perSecond);
    boolean guarded = settings.times() != FormatSettings.Times.UNIX || as == Style.JSON;
    if (guarded) {
      quote(as);
    }
    switch (settings.times()) {
      case SIMPLE -> dateTime(second, zone, ' ');
      case ISO -> dateTime(second, "", 'T');
      case UNIX -> sink.putNumber(second);
    }
    if (precision > 0) {
      sink.put('.').putPadded((int) Math.floorMod(ticks, perSecond), precision);
    }
    if (settings.times() == FormatSettings.Times.ISO) {
      sink.put('Z');
    }
    if (guarded) {
      quote(as);
    }
  }

  private int offsetSeconds(long epochSecond, String name) {
    if (name.isEmpty()) {
      return 0;
    }
    if (!name.equals(zoneName)) {
      zoneName = name;
      zone = ZoneId.of(name).getRules();
    }
    return zone.getOffset(Instant.ofEpochSecond(epochSecond)).getTotalSeconds();
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
    sink.put('[');
    for (int e = base.listFrom(row); e < base.listTo(row); e++) {
      if (e > base.listFrom(row)) {
        sink.put(',');
      }
      write(base.elements(), e, as);
    }
    sink.put(']');
  }

  private void tuple(Vector base, int row, DataType.Tuple type, Style as) {
    boolean object =
        as == Style.JSON && !type.names().isEmpty() && settings.json().tuplesAreObjects();
    sink.put(object ? '{' : as == Style.JSON ? '[' : '(');
    for (int f = 0; f < base.children().size(); f++) {
      if (f > 0) {
        sink.put(',');
      }
      if (object) {
        jsonString(type.names().get(f));
        sink.put(':');
      }
      write(base.children().get(f), row, as);
    }
    sink.put(object ? '}' : as == Style.JSON ? ']' : ')');
  }

  private void map(Vector base, int row, Style as) {
    Vector keys = base.elements().children().get(0);
    Vector values = base.elements().children().get(1);
    sink.put('{');
    for (int e = base.listFrom(row); e < base.listTo(row); e++) {
      if (e > base.listFrom(row)) {
        sink.put(',');
      }
      if (as == Style.JSON) {
        // JSON names are strings, so whatever the key is becomes one.
        string(MemorySegment.ofArray(keyText(keys, e)), Style.JSON);
      } else {
        write(keys, e, as);
      }
      sink.put(':');
      write(values, e, as);
    }
    sink.put('}');
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
