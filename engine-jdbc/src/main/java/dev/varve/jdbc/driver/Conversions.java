// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.Kind;
import dev.varve.jdbc.wire.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Date;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/// From the objects that columns give to what a getter asks for. No value is ever changed in
/// silence: what does not fit is an error of state 22003, what makes no sense one of 22018.
///
/// Dates and times keep what their clock shows: a DateTime of 12:00 in its own zone is a
/// `LocalDateTime` and a `Timestamp` of 12:00, whatever the zone of this JVM. Instants and offsets
/// keep the moment.
final class Conversions {
  private Conversions() {}

  static long toLong(Object value, SqlType type, long low, long high) throws SQLException {
    BigInteger integer;
    if (value instanceof Integer || value instanceof Long) {
      integer = BigInteger.valueOf(((Number) value).longValue());
    } else {
      integer = toDecimal(value, type).setScale(0, RoundingMode.DOWN).toBigInteger();
    }
    if (integer.bitLength() > 63 || integer.longValue() < low || integer.longValue() > high) {
      throw outOfRange(value, low + " to " + high);
    }
    return integer.longValue();
  }

  static double toDouble(Object value, SqlType type) throws SQLException {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof String text) {
      try {
        return Double.parseDouble(text.strip());
      } catch (NumberFormatException e) {
        throw noConversion(value, type, "a number", e);
      }
    }
    return toDecimal(value, type).doubleValue();
  }

  static BigDecimal toDecimal(Object value, SqlType type) throws SQLException {
    if (value instanceof BigDecimal decimal) {
      return decimal;
    }
    if (value instanceof BigInteger integer) {
      return new BigDecimal(integer);
    }
    if (value instanceof Integer || value instanceof Long) {
      return BigDecimal.valueOf(((Number) value).longValue());
    }
    if (value instanceof Boolean bool) {
      return bool ? BigDecimal.ONE : BigDecimal.ZERO;
    }
    if (value instanceof Number || value instanceof String) {
      try {
        return new BigDecimal(value.toString().strip());
      } catch (NumberFormatException e) {
        throw noConversion(value, type, "a number", e);
      }
    }
    throw noConversion(value, type, "a number", null);
  }

  static boolean toBoolean(Object value, SqlType type) throws SQLException {
    if (value instanceof Boolean bool) {
      return bool;
    }
    if (value instanceof String text) {
      switch (text.strip().toLowerCase(Locale.ROOT)) {
        case "true":
        case "1":
          return true;
        case "false":
        case "0":
          return false;
        default:
          throw noConversion(value, type, "a boolean", null);
      }
    }
    if (value instanceof Number) {
      return toDouble(value, type) != 0;
    }
    throw noConversion(value, type, "a boolean", null);
  }

  static String toText(Object value, SqlType type) {
    if (value instanceof ZonedDateTime time) {
      return Literals.time(time.toLocalDateTime(), fraction(type));
    }
    if (value instanceof Duration span) {
      return Literals.span(span, type.precision());
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    if (value instanceof Collection || value instanceof Map) {
      return Literals.nested(value, type);
    }
    return value.toString();
  }

  private static int fraction(SqlType type) {
    return type.kind() == Kind.DATETIME64 ? type.precision() : 0;
  }

  static LocalDateTime toLocalDateTime(Object value, SqlType type) throws SQLException {
    if (value instanceof ZonedDateTime time) {
      return time.toLocalDateTime();
    }
    if (value instanceof LocalDate date) {
      return date.atStartOfDay();
    }
    if (value instanceof Duration span) {
      return LocalDate.EPOCH.atStartOfDay().plus(span);
    }
    if (value instanceof String text) {
      return parse(text, type, "a date and time", t -> LocalDateTime.parse(t.replace(' ', 'T')));
    }
    throw noConversion(value, type, "a date and time", null);
  }

  static LocalDate toLocalDate(Object value, SqlType type) throws SQLException {
    if (value instanceof LocalDate date) {
      return date;
    }
    if (value instanceof String text && text.strip().length() == 10) {
      return parse(text, type, "a date", LocalDate::parse);
    }
    return toLocalDateTime(value, type).toLocalDate();
  }

  static LocalTime toLocalTime(Object value, SqlType type) throws SQLException {
    if (value instanceof String text && text.indexOf(':') >= 0 && text.indexOf('-') < 0) {
      return parse(text, type, "a time", LocalTime::parse);
    }
    if (value instanceof Duration span) {
      if (!isTimeOfDay(span)) {
        throw noConversion(value, type, "a time of one day", null);
      }
      return LocalTime.ofNanoOfDay(span.toNanos());
    }
    return toLocalDateTime(value, type).toLocalTime();
  }

  private static boolean isTimeOfDay(Duration span) {
    return !span.isNegative() && span.toDays() == 0;
  }

  private static ZonedDateTime toZoned(Object value, SqlType type) throws SQLException {
    if (value instanceof ZonedDateTime time) {
      return time;
    }
    return toLocalDateTime(value, type).atZone(type.zone());
  }

  /// The parsers of `java.time` all throw the one exception.
  private interface TimeParser<T> {
    T parse(String text);
  }

  private static <T> T parse(String text, SqlType type, String what, TimeParser<T> parser)
      throws SQLException {
    try {
      return parser.parse(text.strip());
    } catch (DateTimeException e) {
      throw noConversion(text, type, what, e);
    }
  }

  static Timestamp toTimestamp(Object value, SqlType type) throws SQLException {
    return Timestamp.valueOf(toLocalDateTime(value, type));
  }

  /// What `getObject` gives where no class is asked for.
  static Object toJdbc(Object value, SqlType type) {
    if (value instanceof LocalDate date) {
      return Date.valueOf(date);
    }
    if (value instanceof ZonedDateTime time) {
      return Timestamp.valueOf(time.toLocalDateTime());
    }
    if (value instanceof Duration span && isTimeOfDay(span)) {
      return Time.valueOf(LocalTime.ofNanoOfDay(span.toNanos()));
    }
    if (value instanceof List<?> list) {
      return type.kind() == Kind.TUPLE ? new VarveStruct(type, list) : new VarveArray(type, list);
    }
    return value;
  }

  static Object toClass(Object value, SqlType type, Class<?> wanted) throws SQLException {
    if (wanted == String.class) {
      return toText(value, type);
    }
    if (Number.class.isAssignableFrom(wanted)) {
      return toNumber(value, type, wanted);
    }
    if (wanted == Boolean.class) {
      return toBoolean(value, type);
    }
    if (wanted == UUID.class && value instanceof String text) {
      try {
        return UUID.fromString(text);
      } catch (IllegalArgumentException e) {
        throw noConversion(value, type, "a UUID", e);
      }
    }
    Object time = toTime(value, type, wanted);
    if (time != null) {
      return time;
    }
    Object jdbc = toJdbc(value, type);
    if (wanted.isInstance(jdbc)) {
      return jdbc;
    }
    if (wanted.isInstance(value) && wanted != Array.class && wanted != Struct.class) {
      return value;
    }
    if (InetAddress.class.isAssignableFrom(wanted) && value instanceof String text) {
      return toAddress(text, type, wanted);
    }
    if (wanted == byte[].class && value instanceof String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    throw noConversion(value, type, "a " + wanted.getName(), null);
  }

  /// An address of a column that holds addresses, of which none is ever looked up.
  private static Object toAddress(String text, SqlType type, Class<?> wanted) throws SQLException {
    try {
      boolean isAddress = type.kind() == Kind.IPV4 || type.kind() == Kind.IPV6;
      InetAddress address = isAddress ? InetAddress.getByName(text) : null;
      if (wanted.isInstance(address)) {
        return address;
      }
      throw noConversion(text, type, "an address of the Internet", null);
    } catch (UnknownHostException e) {
      throw noConversion(text, type, "an address of the Internet", e);
    }
  }

  private static Object toNumber(Object value, SqlType type, Class<?> wanted) throws SQLException {
    if (wanted == Long.class) {
      return toLong(value, type, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (wanted == Integer.class) {
      return (int) toLong(value, type, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    if (wanted == Short.class) {
      return (short) toLong(value, type, Short.MIN_VALUE, Short.MAX_VALUE);
    }
    if (wanted == Byte.class) {
      return (byte) toLong(value, type, Byte.MIN_VALUE, Byte.MAX_VALUE);
    }
    if (wanted == Double.class) {
      return toDouble(value, type);
    }
    if (wanted == Float.class) {
      return (float) toDouble(value, type);
    }
    if (wanted == BigInteger.class) {
      return toDecimal(value, type).setScale(0, RoundingMode.DOWN).toBigInteger();
    }
    if (wanted == BigDecimal.class) {
      return toDecimal(value, type);
    }
    if (wanted.isInstance(value)) {
      return value;
    }
    throw noConversion(value, type, "a " + wanted.getName(), null);
  }

  private static Object toTime(Object value, SqlType type, Class<?> wanted) throws SQLException {
    if (wanted == LocalDate.class) {
      return toLocalDate(value, type);
    }
    if (wanted == LocalDateTime.class) {
      return toLocalDateTime(value, type);
    }
    if (wanted == LocalTime.class) {
      return toLocalTime(value, type);
    }
    if (wanted == ZonedDateTime.class) {
      return toZoned(value, type);
    }
    if (wanted == OffsetDateTime.class) {
      return toZoned(value, type).toOffsetDateTime();
    }
    if (wanted == Instant.class) {
      return toZoned(value, type).toInstant();
    }
    if (wanted == Timestamp.class || wanted == java.util.Date.class) {
      return toTimestamp(value, type);
    }
    if (wanted == Date.class) {
      return Date.valueOf(toLocalDate(value, type));
    }
    if (wanted == Time.class) {
      return Time.valueOf(toLocalTime(value, type));
    }
    return null;
  }

  private static SQLException outOfRange(Object value, String range) {
    return new SQLDataException(value + " is out of the range " + range, "22003");
  }

  static SQLException noConversion(Object value, SqlType type, String wanted, Exception cause) {
    String shown = toText(value, type);
    String start = shown.length() > 60 ? shown.substring(0, 60) + "…" : shown;
    return new SQLDataException(
        "a value of type " + type.name() + " (" + start + ") is not " + wanted, "22018", cause);
  }
}
