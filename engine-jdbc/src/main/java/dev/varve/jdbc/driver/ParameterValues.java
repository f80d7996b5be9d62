// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// From what programs hand to `setObject` to the classes that travel.
///
/// A `Timestamp` stands for the date and time that it shows, as `Timestamp.valueOf` made it;
/// whoever means a moment sends an `Instant`, an `OffsetDateTime` or a `ZonedDateTime`.
final class ParameterValues {
  private ParameterValues() {}

  /// @throws SQLException 0A000 for a class that no type of Varve stands for
  static Object of(Object value) throws SQLException {
    if (value == null
        || value instanceof Long
        || value instanceof String
        || value instanceof Boolean
        || value instanceof BigDecimal
        || value instanceof BigInteger
        || value instanceof Double
        || value instanceof Float
        || value instanceof byte[]
        || value instanceof UUID
        || isLocal(value)) {
      return value;
    }
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    Object time = time(value);
    return time != null ? time : other(value);
  }

  private static boolean isLocal(Object value) {
    return value instanceof LocalDate
        || value instanceof LocalDateTime
        || value instanceof LocalTime
        || value instanceof Instant;
  }

  private static Object time(Object value) {
    if (value instanceof Timestamp timestamp) {
      return timestamp.toLocalDateTime();
    }
    if (value instanceof java.sql.Date date) {
      return date.toLocalDate();
    }
    if (value instanceof Time time) {
      return time.toLocalTime();
    }
    if (value instanceof java.util.Date date) {
      return date.toInstant();
    }
    if (value instanceof Calendar calendar) {
      return calendar.toInstant();
    }
    if (value instanceof OffsetDateTime time) {
      return time.toInstant();
    }
    return value instanceof ZonedDateTime time ? time.toInstant() : null;
  }

  private static Object other(Object value) throws SQLException {
    if (value instanceof Character || value instanceof Enum) {
      return value.toString();
    }
    if (value instanceof InetAddress address) {
      return address.getHostAddress();
    }
    if (value instanceof Array array) {
      return elements(array.getArray());
    }
    if (value instanceof Struct struct) {
      return elements(struct.getAttributes());
    }
    if (value instanceof Collection<?> || value.getClass().isArray()) {
      return elements(value);
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> entries = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        entries.put(of(entry.getKey()), of(entry.getValue()));
      }
      return entries;
    }
    if (value instanceof Clob clob) {
      return clob.getSubString(1, (int) clob.length());
    }
    if (value instanceof Blob blob) {
      return blob.getBytes(1, (int) blob.length());
    }
    if (value instanceof InputStream stream) {
      return bytes(stream, Long.MAX_VALUE);
    }
    if (value instanceof Reader reader) {
      return text(reader, Long.MAX_VALUE);
    }
    throw Wrapped.notSupported("a parameter of class " + value.getClass().getName());
  }

  private static List<Object> elements(Object collection) throws SQLException {
    List<Object> elements = new ArrayList<>();
    if (collection instanceof Collection<?> values) {
      for (Object value : values) {
        elements.add(of(value));
      }
      return elements;
    }
    int length = java.lang.reflect.Array.getLength(collection);
    for (int i = 0; i < length; i++) {
      elements.add(of(java.lang.reflect.Array.get(collection, i)));
    }
    return elements;
  }

  /// The value as one of a type of [Types], where the program says which it means.
  static Object of(Object value, int type) throws SQLException {
    Object plain = of(value);
    if (!(plain instanceof String text)) {
      boolean wantsText = type == Types.VARCHAR || type == Types.CHAR || type == Types.LONGVARCHAR;
      return wantsText && plain instanceof Number ? plain.toString() : plain;
    }
    try {
      switch (type) {
        case Types.TINYINT:
        case Types.SMALLINT:
        case Types.INTEGER:
        case Types.BIGINT:
          return Long.valueOf(text.strip());
        case Types.NUMERIC:
        case Types.DECIMAL:
          return new BigDecimal(text.strip());
        case Types.REAL:
        case Types.FLOAT:
        case Types.DOUBLE:
          return Double.valueOf(text.strip());
        case Types.BIT:
        case Types.BOOLEAN:
          return text.strip().equals("1") || Boolean.parseBoolean(text.strip());
        case Types.DATE:
          return LocalDate.parse(text.strip());
        case Types.TIME:
          return LocalTime.parse(text.strip());
        case Types.TIMESTAMP:
          return LocalDateTime.parse(text.strip().replace(' ', 'T'));
        default:
          return text;
      }
    } catch (NumberFormatException | DateTimeParseException e) {
      throw new SQLDataException("\"" + text + "\" is not of JDBC type " + type, "22018", e);
    }
  }

  static byte[] bytes(InputStream stream, long length) throws SQLException {
    try {
      return stream == null ? null : stream.readNBytes((int) Math.min(length, Integer.MAX_VALUE));
    } catch (IOException e) {
      throw new SQLException("a parameter's stream broke: " + e.getMessage(), "HY000", e);
    }
  }

  static String text(Reader reader, long length) throws SQLException {
    if (reader == null) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    char[] piece = new char[4096];
    try {
      while (text.length() < length) {
        int wanted = (int) Math.min(piece.length, length - text.length());
        int count = reader.read(piece, 0, wanted);
        if (count < 0) {
          break;
        }
        text.append(piece, 0, count);
      }
    } catch (IOException e) {
      throw new SQLException("a parameter's reader broke: " + e.getMessage(), "HY000", e);
    }
    return text.toString();
  }
}
