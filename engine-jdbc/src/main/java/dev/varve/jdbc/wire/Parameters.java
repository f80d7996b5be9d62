// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Values of `?` with their types: an `i32` count, then for each value one byte that names its type
/// and the value itself. Numbers are little-endian; texts and byte strings have an `i32` length;
/// unscaled integers are two's complement, most significant byte first.
///
/// | tag | object                 | value                              |
/// |-----|------------------------|------------------------------------|
/// | 0   | null                   |                                    |
/// | 1   | `Boolean`              | u8                                 |
/// | 2   | `Long`                 | i64                                |
/// | 3   | `BigInteger`           | bytes                              |
/// | 4   | `Float`                | bits, i32                          |
/// | 5   | `Double`               | bits, i64                          |
/// | 6   | `BigDecimal`           | scale i32, unscaled bytes          |
/// | 7   | `String`               | text                               |
/// | 8   | `byte[]`               | bytes                              |
/// | 9   | `UUID`                 | most and least significant i64     |
/// | 10  | `LocalDate`            | day since 1970-01-01, i64          |
/// | 11  | `LocalDateTime`        | second as if in UTC i64, nano i32  |
/// | 12  | `Instant`              | second i64, nano i32               |
/// | 13  | `List`                 | count i32, values                  |
/// | 14  | `Map`                  | count i32, keys and values         |
/// | 15  | `LocalTime`            | nano of the day, i64               |
public final class Parameters {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_SCALE = 10_000;

  private Parameters() {}

  /// The payload of a parameters frame.
  ///
  /// @throws IllegalArgumentException for an object of a class that the table does not name
  public static byte[] encode(List<?> values) {
    WireBytes out = new WireBytes().i32(values.size());
    for (Object value : values) {
      put(out, value);
    }
    return out.toByteArray();
  }

  private static void put(WireBytes out, Object value) {
    if (value == null) {
      out.u8(0);
    } else if (value instanceof Boolean bool) {
      out.u8(1).u8(bool ? 1 : 0);
    } else if (value instanceof Long || value instanceof Integer || isSmall(value)) {
      out.u8(2).i64(((Number) value).longValue());
    } else if (value instanceof BigInteger integer) {
      out.u8(3).integer(integer);
    } else if (value instanceof Float real) {
      out.u8(4).i32(Float.floatToRawIntBits(real));
    } else if (value instanceof Double real) {
      out.u8(5).i64(Double.doubleToRawLongBits(real));
    } else if (value instanceof BigDecimal decimal) {
      out.u8(6).i32(decimal.scale()).integer(decimal.unscaledValue());
    } else if (value instanceof String text) {
      out.u8(7).text(text);
    } else if (value instanceof byte[] bytes) {
      out.u8(8).bytes(bytes);
    } else if (value instanceof UUID uuid) {
      out.u8(9).i64(uuid.getMostSignificantBits()).i64(uuid.getLeastSignificantBits());
    } else if (value instanceof LocalDate date) {
      out.u8(10).i64(date.toEpochDay());
    } else if (value instanceof LocalDateTime time) {
      out.u8(11).i64(time.toEpochSecond(ZoneOffset.UTC)).i32(time.getNano());
    } else if (value instanceof Instant instant) {
      out.u8(12).i64(instant.getEpochSecond()).i32(instant.getNano());
    } else if (value instanceof LocalTime time) {
      out.u8(15).i64(time.toNanoOfDay());
    } else {
      putNested(out, value);
    }
  }

  private static boolean isSmall(Object value) {
    return value instanceof Short || value instanceof Byte;
  }

  private static void putNested(WireBytes out, Object value) {
    if (value instanceof List<?> list) {
      out.u8(13).i32(list.size());
      list.forEach(element -> put(out, element));
    } else if (value instanceof Map<?, ?> map) {
      out.u8(14).i32(map.size());
      map.forEach((key, entry) -> {
        put(out, key);
        put(out, entry);
      });
    } else {
      throw new IllegalArgumentException(
          "a parameter cannot be of class " + value.getClass().getName());
    }
  }

  /// Reads what [#encode] wrote. The integers come as `Long`.
  public static List<Object> decode(ByteBuffer in) throws IOException {
    try {
      return values(in, 0);
    } catch (BufferUnderflowException e) {
      throw new IOException("malformed frame: parameters end too early", e);
    } catch (DateTimeException | ArithmeticException e) {
      throw new IOException("malformed frame: a day or moment that is none", e);
    }
  }

  private static List<Object> values(ByteBuffer in, int depth) throws IOException {
    int count = in.getInt();
    if (count < 0 || count > in.remaining() || depth > MAX_DEPTH) {
      throw new IOException(
          "malformed frame: " + count + " values in " + in.remaining() + " bytes");
    }
    List<Object> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(value(in, depth));
    }
    return values;
  }

  private static Object value(ByteBuffer in, int depth) throws IOException {
    byte tag = in.get();
    switch (tag) {
      case 0:
        return null;
      case 1:
        return in.get() != 0;
      case 2:
        return in.getLong();
      case 3:
        return integer(in);
      case 4:
        return Float.intBitsToFloat(in.getInt());
      case 5:
        return Double.longBitsToDouble(in.getLong());
      case 6:
        int scale = scale(in.getInt());
        return new BigDecimal(integer(in), scale);
      case 7:
        return WireBytes.readText(in);
      case 8:
        return WireBytes.readBytes(in);
      case 9:
        return new UUID(in.getLong(), in.getLong());
      case 13:
        return values(in, depth + 1);
      case 14:
        return map(in, depth + 1);
      default:
        return time(in, tag);
    }
  }

  private static Object time(ByteBuffer in, byte tag) throws IOException {
    switch (tag) {
      case 10:
        return LocalDate.ofEpochDay(in.getLong());
      case 11:
        return LocalDateTime.ofEpochSecond(in.getLong(), in.getInt(), ZoneOffset.UTC);
      case 12:
        return Instant.ofEpochSecond(in.getLong(), in.getInt());
      case 15:
        return LocalTime.ofNanoOfDay(in.getLong());
      default:
        throw new IOException("malformed frame: no parameter has the tag " + tag);
    }
  }

  /// A number of a few bytes whose digits would fill the memory is not taken.
  private static int scale(int scale) throws IOException {
    if (Math.abs((long) scale) > MAX_SCALE) {
      throw new IOException("malformed frame: a decimal of scale " + scale);
    }
    return scale;
  }

  private static BigInteger integer(ByteBuffer in) throws IOException {
    byte[] bytes = WireBytes.readBytes(in);
    if (bytes.length == 0) {
      throw new IOException("malformed frame: an integer without bytes");
    }
    return new BigInteger(bytes);
  }

  private static Map<Object, Object> map(ByteBuffer in, int depth) throws IOException {
    int count = in.getInt();
    if (count < 0 || count > in.remaining() || depth > MAX_DEPTH) {
      throw new IOException("malformed frame: a map of " + count + " entries");
    }
    Map<Object, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      Object key = value(in, depth);
      map.put(key, value(in, depth));
    }
    return map;
  }
}
