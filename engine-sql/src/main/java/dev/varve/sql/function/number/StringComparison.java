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
    MemorySegment bytes = flat.values();
    int from = rows == 0 ? 0 : offsets.get(Vector.I32, 0);
    for (int i = 0; i < rows; i++) {
      int to = offsets.get(Vector.I32, i * 4L + 4);
      if (to - from == length && ByteStrings.equal(bytes, from, wanted, 0, length)) {
        mask[i >>> 6] |= 1L << i;
      }
      from = to;
    }
  }
}
