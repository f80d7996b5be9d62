// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Values of up to eight bytes as numbers: integers by value, floats by their bits.
public final class Integers {
  private Integers() {}

  /// Rows `[from, from + count)` of a flat vector. Unsigned types are extended with zeros, all
  /// others with their sign. A NULL takes the value before it, so that it costs nothing to encode.
  public static void load(Vector flat, int from, int count, long[] out) {
    MemorySegment values = flat.values();
    boolean unsigned = flat.type().isUnsigned();
    switch (flat.physical()) {
      case INT8 -> {
        long mask = unsigned ? 0xFF : -1;
        for (int i = 0; i < count; i++) {
          out[i] = values.get(JAVA_BYTE, from + i) & mask;
        }
      }
      case INT16 -> {
        long mask = unsigned ? 0xFFFF : -1;
        for (int i = 0; i < count; i++) {
          out[i] = values.get(Vector.I16, (from + i) * 2L) & mask;
        }
      }
      case INT32, FLOAT32 -> {
        long mask = unsigned ? 0xFFFFFFFFL : -1;
        for (int i = 0; i < count; i++) {
          out[i] = values.get(Vector.I32, (from + i) * 4L) & mask;
        }
      }
      case INT64, FLOAT64 -> MemorySegment.copy(values, Vector.I64, from * 8L, out, 0, count);
      default -> throw new IllegalStateException(flat.physical() + " does not fit eight bytes");
    }
    if (flat.validity() != null) {
      fillNulls(flat.validity(), from, count, out);
    }
  }

  /// As [#load] for wide integers that [#isNarrow]: their lowest eight bytes.
  public static void loadNarrow(Vector flat, int from, int count, long[] out) {
    int width = flat.physical().width();
    for (int i = 0; i < count; i++) {
      out[i] = flat.values().get(Vector.I64, (long) (from + i) * width);
    }
    if (flat.validity() != null) {
      fillNulls(flat.validity(), from, count, out);
    }
  }

  /// Values of so many bits that came with or without their sign, as [#load] would give them.
  static void extend(long[] values, int bits, boolean unsigned) {
    int unused = 64 - bits;
    for (int i = 0; i < values.length; i++) {
      long up = values[i] << unused;
      values[i] = unsigned ? up >>> unused : up >> unused;
    }
  }

  private static void fillNulls(MemorySegment validity, int from, int count, long[] values) {
    int first = 0;
    while (first < count && !Validity.isSet(validity, from + first)) {
      first++;
    }
    long last = first < count ? values[first] : 0;
    for (int i = 0; i < count; i++) {
      if (((from + i) & 7) == 0
          && i + 8 <= count
          && validity.get(JAVA_BYTE, (from + i) >>> 3) == (byte) 0xFF) {
        i += 7;
        last = values[i];
      } else if (Validity.isSet(validity, from + i)) {
        last = values[i];
      } else {
        values[i] = last;
      }
    }
  }

  /// Whether the values of these rows of a flat vector of wide integers are those of their lowest
  /// eight bytes, extended as the type says.
  public static boolean isNarrow(Vector flat, int from, int count) {
    MemorySegment values = flat.values();
    int width = flat.physical().width();
    boolean unsigned = flat.type().isUnsigned();
    for (int i = from; i < from + count; i++) {
      long at = (long) i * width;
      long sign = unsigned ? 0 : values.get(Vector.I64, at) >> 63;
      for (int w = 8; w < width; w += 8) {
        if (values.get(Vector.I64, at + w) != sign && !flat.isNull(i)) {
          return false;
        }
      }
    }
    return true;
  }

  /// Bytes of a value of this kind where it fits a number, else 0.
  static int bytes(Physical physical) {
    return physical.isLong() || physical.isFloat() ? physical.width() : 0;
  }
}
