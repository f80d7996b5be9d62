// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.vector;

import dev.varve.storage.type.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Rows as Java objects, for tests, literals and cold paths.
///
/// | type | object |
/// |------|--------|
/// | Int8 … Int64, UInt8 … UInt32 | `Long` |
/// | UInt64 and wider integers | `BigInteger` |
/// | Float32, Float64 | `Float`, `Double` |
/// | Decimal | `BigDecimal` with the type's scale |
/// | Bool | `Boolean` |
/// | String, Enum | `String` |
/// | FixedString, aggregate state | `byte[]` |
/// | UUID | `UUID` |
/// | Date, Date32 | `LocalDate` |
/// | DateTime, DateTime64 | `LocalDateTime` in the type's zone |
/// | IPv4, IPv6 | `String` |
/// | Array, Tuple | `List` |
/// | Map | `Map` |
/// | NULL | `null` |
public final class VectorValues {
  private VectorValues() {}

  public static Object get(Vector vector, int row) {
    if (vector.isNull(row)) {
      return null;
    }
    Vector base = vector.base();
    int at = vector.valueRow(row);
    return switch (vector.type().unwrapped()) {
      case DataType.Int(int bits, boolean signed) ->
          bits < 64 || (bits == 64 && signed) ? (Object) base.getLong(at) : base.getInteger(at);
      case DataType.Float(int bits) ->
          bits == 32 ? (Object) (float) base.getDouble(at) : (Object) base.getDouble(at);
      case DataType.Decimal decimal -> new BigDecimal(base.getInteger(at), decimal.scale());
      case DataType.Bool _ -> base.getLong(at) != 0;
      case DataType.Text _ -> new String(base.getBytes(at), StandardCharsets.UTF_8);
      case DataType.FixedText _, DataType.AggregateState _ -> base.getBytes(at);
      case DataType.Uuid _ -> uuid(base.getBytes(at));
      case DataType.Date _, DataType.Date32 _ -> LocalDate.ofEpochDay(base.getLong(at));
      case DataType.DateTime(String zone) ->
          LocalDateTime.ofInstant(Instant.ofEpochSecond(base.getLong(at)), zone(zone));
      case DataType.DateTime64(int precision, String zone) ->
          LocalDateTime.ofInstant(instant(base.getLong(at), precision), zone(zone));
      case DataType.Time _ -> Duration.ofSeconds(base.getLong(at));
      case DataType.Time64(int precision) ->
          Duration.ofNanos(base.getLong(at) * perSecond(9 - precision));
      case DataType.Enumeration labels -> labels.textOf(base.getLong(at));
      case DataType.Ipv4 _ -> ipv4(base.getLong(at));
      case DataType.Ipv6 _ -> ipv6(base.getBytes(at));
      case DataType.Array _ -> list(base, at);
      case DataType.Tuple _ -> {
        List<Object> fields = new ArrayList<>();
        for (Vector child : base.children()) {
          fields.add(get(child, at));
        }
        yield fields;
      }
      case DataType.MapOf _ -> map(base, at);
      case DataType.Nothing _ -> null;
      case DataType.Nullable _, DataType.LowCardinality _, DataType.SimpleAggregate _ ->
          throw new IllegalStateException("still wrapped: " + vector.type().name());
    };
  }

  private static long perSecond(int precision) {
    return BigInteger.TEN.pow(precision).longValueExact();
  }

  /// The zone of a type; an empty name is UTC.
  public static ZoneId zone(String name) {
    return name.isEmpty() ? ZoneOffset.UTC : ZoneId.of(name);
  }

  public static Instant instant(long ticks, int precision) {
    long perSecond = 1;
    for (int i = 0; i < precision; i++) {
      perSecond *= 10;
    }
    return Instant.ofEpochSecond(
        Math.floorDiv(ticks, perSecond),
        Math.floorMod(ticks, perSecond) * (1_000_000_000L / perSecond));
  }

  private static UUID uuid(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new UUID(buffer.getLong(), buffer.getLong());
  }

  private static String ipv4(long value) {
    return (value >>> 24 & 255)
        + "."
        + (value >>> 16 & 255)
        + "."
        + (value >>> 8 & 255)
        + "."
        + (value & 255);
  }

  private static boolean isMapped(byte[] bytes) {
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return bytes[10] == -1 && bytes[11] == -1;
  }

  /// RFC 5952: the longest run of zero groups is shortened, hexadecimal in lower case; an address
  /// that stands for one of IPv4 ends as that is written.
  private static String ipv6(byte[] bytes) {
    if (isMapped(bytes)) {
      long address = 0;
      for (int i = 12; i < 16; i++) {
        address = address << 8 | bytes[i] & 255;
      }
      return "::ffff:" + ipv4(address);
    }
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (bytes[2 * i] & 255) << 8 | bytes[2 * i + 1] & 255;
    }
    int bestAt = -1;
    int bestLength = 1;
    for (int i = 0; i < 8; i++) {
      int j = i;
      while (j < 8 && groups[j] == 0) {
        j++;
      }
      if (j - i > bestLength) {
        bestAt = i;
        bestLength = j - i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == bestAt) {
        text.append("::");
        i += bestLength - 1;
      } else {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }

  private static List<Object> list(Vector base, int row) {
    List<Object> elements = new ArrayList<>();
    for (int e = base.listFrom(row); e < base.listTo(row); e++) {
      elements.add(get(base.elements(), e));
    }
    return elements;
  }

  private static Map<Object, Object> map(Vector base, int row) {
    Map<Object, Object> entries = new LinkedHashMap<>();
    Vector pairs = base.elements();
    for (int e = base.listFrom(row); e < base.listTo(row); e++) {
      entries.put(get(pairs.children().get(0), e), get(pairs.children().get(1), e));
    }
    return entries;
  }

  /// Appends an object of the table above, or a text or number that means one.
  public static void append(VectorBuilder builder, Object value) {
    if (value == null) {
      builder.appendNull();
      return;
    }
    switch (builder.type().unwrapped()) {
      case DataType.Int _ -> builder.appendInteger(integer(value));
      case DataType.Float _ -> builder.appendDouble(((Number) value).doubleValue());
      case DataType.Decimal decimal ->
          builder.appendInteger(
              new BigDecimal(value.toString()).setScale(decimal.scale()).unscaledValue());
      case DataType.Bool _ ->
          builder.appendLong(value instanceof Number n ? n.longValue() : (Boolean) value ? 1 : 0);
      case DataType.Text _ -> builder.appendBytes(bytes(value));
      case DataType.FixedText _, DataType.AggregateState _, DataType.Ipv6 _ ->
          builder.appendBytes(bytes(value));
      case DataType.Uuid _ -> {
        UUID uuid = value instanceof UUID u ? u : UUID.fromString(value.toString());
        builder.appendBytes(
            ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array());
      }
      case DataType.Date _, DataType.Date32 _ ->
          builder.appendLong(
              (value instanceof LocalDate d ? d : LocalDate.parse(value.toString())).toEpochDay());
      case DataType.DateTime(String zone) ->
          builder.appendLong(((LocalDateTime) value).atZone(zone(zone)).toEpochSecond());
      case DataType.DateTime64(int precision, String zone) -> {
        Instant instant = ((LocalDateTime) value).atZone(zone(zone)).toInstant();
        long perSecond = perSecond(precision);
        builder.appendLong(
            instant.getEpochSecond() * perSecond
                + instant.getNano() / (1_000_000_000L / perSecond));
      }
      case DataType.Time _ -> builder.appendLong(((Duration) value).toSeconds());
      case DataType.Time64(int precision) ->
          builder.appendLong(((Duration) value).toNanos() / perSecond(9 - precision));
      case DataType.Enumeration labels ->
          builder.appendLong(
              value instanceof Number n ? n.longValue() : labels.valueOf(value.toString()));
      case DataType.Ipv4 _ -> builder.appendLong(((Number) value).longValue());
      case DataType.Array _ -> {
        for (Object element : (List<?>) value) {
          append(builder.child(0), element);
        }
        builder.endList();
      }
      case DataType.Tuple _ -> {
        List<?> fields = (List<?>) value;
        for (int i = 0; i < fields.size(); i++) {
          append(builder.child(i), fields.get(i));
        }
        builder.endStruct();
      }
      case DataType.MapOf _ -> {
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
          append(builder.child(0).child(0), entry.getKey());
          append(builder.child(0).child(1), entry.getValue());
          builder.child(0).endStruct();
        }
        builder.endList();
      }
      case DataType.Nothing _ -> builder.appendNull();
      case DataType.Nullable _, DataType.LowCardinality _, DataType.SimpleAggregate _ ->
          throw new IllegalStateException("still wrapped: " + builder.type().name());
    }
  }

  private static BigInteger integer(Object value) {
    return value instanceof BigInteger big ? big : BigInteger.valueOf(((Number) value).longValue());
  }

  private static byte[] bytes(Object value) {
    return value instanceof byte[] raw ? raw : value.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// A vector of these objects.
  public static Vector of(DataType type, Scratch scratch, Object... values) {
    VectorBuilder builder = new VectorBuilder(type, scratch);
    for (Object value : values) {
      append(builder, value);
    }
    return builder.build();
  }
}
