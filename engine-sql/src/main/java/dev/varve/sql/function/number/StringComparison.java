// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import dev.varve.sql.expression.ByteStrings;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;

/// Comparison of byte strings: unsigned bytes in order. A FixedString compares without the zeros
/// that fill it where the other side is a String.
final class StringComparison {
  private StringComparison() {}

  static void test(
      Comparison.Kind kind, Vector a, Vector b, int rows, Scratch scratch, long[] mask) {
    boolean equality = kind == Comparison.Kind.EQUALS || kind == Comparison.Kind.NOT_EQUALS;
    if (equality && b.isConstant() && a.physical() == Physical.BYTES) {
      equalTo(VectorOps.flatten(a, scratch), trimmed(b, 0), rows, mask);
      if (kind == Comparison.Kind.NOT_EQUALS) {
        dev.varve.sql.expression.Masks.not(mask, rows);
      }
      return;
    }
    for (int i = 0; i < rows; i++) {
      if (a.isNull(i) || b.isNull(i)) {
        continue;
      }
      MemorySegment x = trimmed(a, i);
      MemorySegment y = trimmed(b, i);
      int order = ByteStrings.compare(x, 0, (int) x.byteSize(), y, 0, (int) y.byteSize());
      mask[i >>> 6] |= kind.holds(order) ? 1L << i : 0;
    }
  }

  private static MemorySegment trimmed(Vector vector, int row) {
    MemorySegment bytes = vector.getSegment(row);
    if (vector.physical() != Physical.FIXED
        || !(vector.type().unwrapped() instanceof dev.varve.storage.type.DataType.FixedText)) {
      return bytes;
    }
    long length = bytes.byteSize();
    while (length > 0 && bytes.get(java.lang.foreign.ValueLayout.JAVA_BYTE, length - 1) == 0) {
      length--;
    }
    return bytes.asSlice(0, length);
  }

  private static void equalTo(Vector flat, MemorySegment wanted, int rows, long[] mask) {
    int length = (int) wanted.byteSize();
    MemorySegment offsets = flat.offsets();
    int from = rows == 0 ? 0 : offsets.get(Vector.I32, 0);
    for (int i = 0; i < rows; i++) {
      int to = offsets.get(Vector.I32, i * 4L + 4);
      mask[i >>> 6] |= (to - from == length ? 1L : 0) << i;
      from = to;
    }
    if (length > 0) {
      compareBytes(flat, wanted, mask);
    }
  }

  /// Of the rows whose length is right, those whose bytes are. Where no length is, no byte is asked
  /// for.
  private static void compareBytes(Vector flat, MemorySegment wanted, long[] mask) {
    int length = (int) wanted.byteSize();
    MemorySegment bytes = null;
    for (int w = 0; w < mask.length; w++) {
      for (long word = mask[w]; word != 0; word &= word - 1) {
        int row = (w << 6) + Long.numberOfTrailingZeros(word);
        bytes = bytes == null ? flat.values() : bytes;
        int from = flat.offsets().get(Vector.I32, row * 4L);
        if (!ByteStrings.equal(bytes, from, wanted, 0, length)) {
          mask[w] &= ~(1L << row);
        }
      }
    }
  }
}
