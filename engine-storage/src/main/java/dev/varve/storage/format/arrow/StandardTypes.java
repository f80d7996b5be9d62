// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.arrow;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Our types as every program that reads Arrow knows them: dates are days in 32 bits, moments are
/// timestamps in a unit that Arrow has, enumerations are text, addresses and wide integers are the
/// bytes they lie in.
public final class StandardTypes {
  private StandardTypes() {}

  /// The type that stands for this one.
  public static DataType of(DataType type) {
    return switch (type) {
      case DataType.Nullable(DataType inner) -> DataTypes.nullable(of(inner));
      case DataType.LowCardinality(DataType inner) -> of(inner);
      case DataType.SimpleAggregate(String _, DataType inner) -> of(inner);
      case DataType.Array(DataType element) -> new DataType.Array(of(element));
      case DataType.MapOf(DataType key, DataType value) -> new DataType.MapOf(of(key), of(value));
      case DataType.Tuple(List<String> names, List<DataType> fields) ->
          new DataType.Tuple(names, fields.stream().map(StandardTypes::of).toList());
      case DataType.Date _ -> DataTypes.DATE32;
      case DataType.DateTime(String zone) -> new DataType.DateTime64(0, zone);
      case DataType.DateTime64(int precision, String zone) ->
          new DataType.DateTime64(unit(precision), zone);
      case DataType.Time64(int precision) -> new DataType.Time64(precision <= 6 ? 6 : 9);
      case DataType.Enumeration _ -> DataTypes.STRING;
      case DataType.Ipv4 _ -> DataTypes.UINT32;
      case DataType.Ipv6 _ -> new DataType.FixedText(type.width());
      case DataType.Int(int bits, boolean _) when bits > 64 -> new DataType.FixedText(bits / 8);
      default -> type;
    };
  }

  /// The digits of a second in the next finer unit: none, milli, micro, nano.
  private static int unit(int precision) {
    return (precision + 2) / 3 * 3;
  }

  /// The same values as the type that stands for theirs; flat where they had to be changed.
  public static Vector convert(Vector vector, DataType type, Scratch scratch) {
    DataType plain = type.unwrapped();
    DataType standard = of(type);
    if (of(plain).equals(plain)) {
      return vector.as(standard);
    }
    Vector flat = VectorOps.flatten(vector, scratch);
    int rows = flat.rows();
    MemorySegment validity = flat.validity();
    return switch (plain) {
      case DataType.Date _ -> {
        MemorySegment days = scratch.allocate(rows * 4L);
        for (int i = 0; i < rows; i++) {
          days.set(Vector.I32, i * 4L, flat.values().get(Vector.I16, i * 2L) & 0xFFFF);
        }
        yield Vector.fixed(standard, rows, days, validity);
      }
      case DataType.DateTime _ -> {
        MemorySegment seconds = scratch.allocate(rows * 8L);
        for (int i = 0; i < rows; i++) {
          seconds.set(Vector.I64, i * 8L, flat.values().get(Vector.I32, i * 4L) & 0xFFFFFFFFL);
        }
        yield Vector.fixed(standard, rows, seconds, validity);
      }
      case DataType.DateTime64(int precision, String _) ->
          Vector.fixed(standard, rows, finer(flat, unit(precision) - precision, scratch), validity);
      case DataType.Time64(int precision) ->
          Vector.fixed(
              standard, rows, finer(flat, (precision <= 6 ? 6 : 9) - precision, scratch), validity);
      case DataType.Enumeration labels -> labels(flat, labels, standard, scratch);
      case DataType.Array(DataType element) ->
          Vector.list(
              standard, rows, flat.offsets(), convert(flat.elements(), element, scratch), validity);
      case DataType.MapOf map -> {
        DataType entries = DataTypes.entries(map);
        Vector pairs = VectorOps.flatten(flat.elements(), scratch);
        yield Vector.list(standard, rows, flat.offsets(), convert(pairs, entries, scratch), null);
      }
      case DataType.Tuple(List<String> _, List<DataType> fields) -> {
        List<Vector> children = new ArrayList<>();
        for (int f = 0; f < fields.size(); f++) {
          children.add(convert(flat.children().get(f), fields.get(f), scratch));
        }
        yield Vector.struct(standard, rows, children, validity);
      }
      // Addresses and wide integers: the same bytes under another name.
      default -> Vector.fixed(standard, rows, flat.values(), validity);
    };
  }

  private static MemorySegment finer(Vector flat, int digits, Scratch scratch) {
    long factor = BigInteger.TEN.pow(digits).longValueExact();
    MemorySegment ticks = scratch.allocate(flat.rows() * 8L);
    for (int i = 0; i < flat.rows(); i++) {
      ticks.set(Vector.I64, i * 8L, flat.values().get(Vector.I64, i * 8L) * factor);
    }
    return ticks;
  }

  private static Vector labels(
      Vector flat, DataType.Enumeration labels, DataType standard, Scratch scratch) {
    VectorBuilder texts = new VectorBuilder(DataTypes.STRING, scratch);
    int[] rowOf = new int[1 << labels.bits()];
    for (DataType.Enumeration.Label label : labels.labels()) {
      rowOf[label.value() & rowOf.length - 1] = texts.rows();
      texts.appendBytes(label.text().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    int rows = flat.rows();
    int[] index = new int[rows];
    for (int i = 0; i < rows; i++) {
      int stored =
          labels.bits() == 8
              ? flat.values().get(JAVA_BYTE, i) & 0xFF
              : flat.values().get(Vector.I16, i * 2L) & 0xFFFF;
      index[i] = rowOf[stored];
    }
    Vector words = VectorOps.gather(texts.build(), index, rows, scratch);
    return words.withValidity(flat.validity()).as(standard);
  }
}
