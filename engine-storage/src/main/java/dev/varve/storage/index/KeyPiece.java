// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.index;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// How values of one column become bytes of a key.
///
/// | values | bytes |
/// |--------|-------|
/// | nullable | `01` before a value; NULL alone is `00` (first) or `02` (last) |
/// | integers, decimals, dates, enums | big-endian in the type's width, sign bit flipped |
/// | floats | bits in the order of numbers: -0 is 0, all NaN are one and the greatest |
/// | FixedString, UUID, IPv6 | as they are |
/// | String | as they are, `00` as `00 FF`, then `00 00` |
/// | Array, Map | `01` before each element, `00` at the end |
/// | Tuple | its fields one after another |
///
/// No key begins another one of the same columns, so bits may be turned round for a descending
/// column.
final class KeyPiece {
  private final DataType type;
  private final Physical physical;
  private final boolean nullable;
  private final boolean unsigned;
  private final boolean descending;
  private final int nullMarker;
  private final int width;
  private final List<KeyPiece> children;

  KeyPiece(KeyColumn column) {
    this(column.type(), column.descending(), column.nullsFirst());
  }

  private KeyPiece(DataType type, boolean descending, boolean nullsFirst) {
    this.type = type.unwrapped();
    this.physical = type.physical();
    this.nullable = type.isNullable();
    this.unsigned = type.isUnsigned();
    this.descending = descending;
    this.nullMarker = nullsFirst ? 0 : 2;
    this.width = this.type instanceof DataType.Nothing ? 0 : type.width();
    this.children =
        switch (this.type) {
          case DataType.Array(DataType element) ->
              List.of(new KeyPiece(element, false, nullsFirst));
          case DataType.MapOf map ->
              List.of(new KeyPiece(DataTypes.entries(map), false, nullsFirst));
          case DataType.Tuple tuple ->
              tuple.fields().stream().map(f -> new KeyPiece(f, false, nullsFirst)).toList();
          default -> List.of();
        };
  }

  /// Bytes of the longest key, or -1 where there is no limit.
  int maxBytes() {
    int marker = nullable ? 1 : 0;
    return switch (physical) {
      case BYTES, LIST -> -1;
      case STRUCT -> {
        int sum = marker;
        for (KeyPiece child : children) {
          if (child.maxBytes() < 0) {
            yield -1;
          }
          sum += child.maxBytes();
        }
        yield sum;
      }
      default -> width + marker;
    };
  }

  /// Whether [#bits] works: plain numbers of at most eight bytes that cannot be NULL.
  boolean isWord() {
    return !nullable && width > 0 && width <= 8 && (physical.isLong() || physical.isFloat());
  }

  int width() {
    return width;
  }

  /// The key's bytes of a value as a number of [#width] bytes. Only where [#isWord].
  long bits(Vector base, int at) {
    long ordered = physical.isFloat() ? floatBits(base, at) : integerBits(base.getLong(at));
    return descending ? ~ordered & mask() : ordered;
  }

  /// As [#bits] for a value that is not in a vector.
  long integerWord(long value) {
    long ordered = integerBits(value);
    return descending ? ~ordered & mask() : ordered;
  }

  /// The least and greatest value, as signed longs, of which [#integerWord] is at most `word`; null
  /// where the values are no such numbers.
  long[] upTo(long word) {
    if (!isWord() || !physical.isLong() || unsigned && width == 8) {
      return null;
    }
    long least = unsigned ? 0 : Long.MIN_VALUE >> 64 - 8 * width;
    long greatest = least + mask();
    long value = least + (descending ? ~word & mask() : word);
    return descending ? new long[] {value, greatest} : new long[] {least, value};
  }

  private long mask() {
    return -1L >>> (64 - 8 * width);
  }

  private long integerBits(long value) {
    return (unsigned ? value : value ^ 1L << (8 * width - 1)) & mask();
  }

  private long floatBits(Vector base, int at) {
    if (physical == Physical.FLOAT32) {
      int bits = Float.floatToIntBits((float) base.getDouble(at) + 0.0f);
      return (bits < 0 ? ~bits : bits ^ Integer.MIN_VALUE) & 0xFFFFFFFFL;
    }
    long bits = Double.doubleToLongBits(base.getDouble(at) + 0.0);
    return bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
  }

  void write(KeyBytes out, Vector vector, int row) {
    if (nullable) {
      if (vector.isNull(row)) {
        out.put(nullMarker);
        return;
      }
      out.put(1);
    }
    int start = out.length();
    writeValue(out, vector.base(), vector.valueRow(row));
    if (descending) {
      out.invert(start);
    }
  }

  private void writeValue(KeyBytes out, Vector base, int at) {
    switch (physical) {
      case INT8, INT16, INT32, INT64 -> out.putLong(integerBits(base.getLong(at)), width);
      case FLOAT32, FLOAT64 -> out.putLong(floatBits(base, at), width);
      case INT128, INT256 -> writeWide(out, base, at);
      case FIXED -> out.putRaw(base.values(), (long) at * width, width);
      case BYTES -> {
        int from = base.offsets().get(Vector.I32, at * 4L);
        int to = base.offsets().get(Vector.I32, at * 4L + 4);
        out.putEscaped(base.values(), from, to - from);
      }
      case LIST -> {
        for (int e = base.listFrom(at); e < base.listTo(at); e++) {
          out.put(1);
          children.getFirst().write(out, base.elements(), e);
        }
        out.put(0);
      }
      case STRUCT -> {
        for (int f = 0; f < children.size(); f++) {
          children.get(f).write(out, base.children().get(f), at);
        }
      }
    }
  }

  /// Sixteen or thirty-two bytes, also where the vector holds the values narrower.
  private void writeWide(KeyBytes out, Vector base, int at) {
    MemorySegment values = base.values();
    int held = base.physical().width();
    long sign = 0;
    if (!unsigned) {
      sign = values.get(JAVA_BYTE, (long) at * held + held - 1) < 0 ? -1 : 0;
    }
    for (int word = width - 8; word >= 0; word -= 8) {
      long value =
          word + 8 <= held
              ? values.get(Vector.I64, (long) at * held + word)
              : word < held ? base.getLong(at) : sign;
      out.putLong(word == width - 8 && !unsigned ? value ^ Long.MIN_VALUE : value, 8);
    }
  }
}
