// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.merge.order.KeyGroups;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/// Adds. Integers and decimals wrap around at their width, which keeps addition associative; NULLs
/// are skipped. Sums of floats depend in their last bits on the order in which rows were merged.
final class SumCombiner implements ColumnCombiner {
  @Override
  public Vector combine(Vector values, KeyGroups groups, int[] base, Scratch scratch) {
    Vector flat = VectorOps.flatten(values, scratch);
    // A decimal may lie narrower than its type; its sums need the whole width.
    Vector from =
        flat.physical() == flat.type().physical()
            ? flat
            : VectorOps.widen(flat, flat.type().physical(), scratch);
    int[] rows = ColumnCombiner.presentRows(from, groups, base);
    Vector sums = VectorOps.gather(from, rows, groups.count(), scratch);
    if (from.physical() == Physical.INT64 && !from.mayHaveNulls()) {
      addAll(LongValues.of(from), groups, sums.values());
      return sums;
    }
    for (int g = 0; g < groups.count(); g++) {
      if (groups.size(g) > 1) {
        add(from, groups.start(g), groups.end(g), sums.values(), g);
      }
    }
    return sums;
  }

  private static void addAll(long[] values, KeyGroups groups, MemorySegment to) {
    for (int g = 0; g < groups.count(); g++) {
      if (groups.size(g) > 1) {
        long sum = 0;
        for (int i = groups.start(g); i < groups.end(g); i++) {
          sum += values[i];
        }
        to.set(Vector.I64, g * 8L, sum);
      }
    }
  }

  private static void add(Vector from, int start, int end, MemorySegment to, int group) {
    switch (from.physical()) {
      case FLOAT32, FLOAT64 -> addDoubles(from, start, end, to, group);
      case INT128 -> addWords(from, start, end, to, group, 2);
      case INT256 -> addWords(from, start, end, to, group, 4);
      default -> addLongs(from, start, end, to, group);
    }
  }

  private static void addLongs(Vector from, int start, int end, MemorySegment to, int group) {
    long sum = 0;
    for (int i = start; i < end; i++) {
      sum += from.isNull(i) ? 0 : from.getLong(i);
    }
    switch (from.physical()) {
      case INT8 -> to.set(JAVA_BYTE, group, (byte) sum);
      case INT16 -> to.set(Vector.I16, group * 2L, (short) sum);
      case INT32 -> to.set(Vector.I32, group * 4L, (int) sum);
      default -> to.set(Vector.I64, group * 8L, sum);
    }
  }

  private static void addDoubles(Vector from, int start, int end, MemorySegment to, int group) {
    double sum = 0;
    for (int i = start; i < end; i++) {
      sum += from.isNull(i) ? 0 : from.getDouble(i);
    }
    if (from.width() == 4) {
      to.set(Vector.F32, group * 4L, (float) sum);
    } else {
      to.set(Vector.F64, group * 8L, sum);
    }
  }

  private static void addWords(
      Vector from, int start, int end, MemorySegment to, int group, int words) {
    long[] sum = new long[words];
    for (int i = start; i < end; i++) {
      if (from.isNull(i)) {
        continue;
      }
      long carry = 0;
      for (int w = 0; w < words; w++) {
        long addend = from.values().get(Vector.I64, (i * (long) words + w) * 8);
        long partial = sum[w] + addend;
        long overflow = Long.compareUnsigned(partial, addend) < 0 ? 1 : 0;
        long total = partial + carry;
        overflow |= carry != 0 && total == 0 ? 1 : 0;
        sum[w] = total;
        carry = overflow;
      }
    }
    for (int w = 0; w < words; w++) {
      to.set(Vector.I64, (group * (long) words + w) * 8, sum[w]);
    }
  }

  /// Takes out of `zero` the rows that add something: in a nullable column all but NULL, a zero
  /// too, else all but zero.
  static void keepZeros(Vector sums, BitSet zero) {
    boolean nullable = sums.type().isNullable();
    for (int g = zero.nextSetBit(0); g >= 0; g = zero.nextSetBit(g + 1)) {
      boolean addsNothing = sums.isNull(g) || (!nullable && isZero(sums, g));
      if (!addsNothing) {
        zero.clear(g);
      }
    }
  }

  private static boolean isZero(Vector vector, int row) {
    Vector base = vector.base();
    int at = vector.valueRow(row);
    return switch (base.physical()) {
      case FLOAT32, FLOAT64 -> base.getDouble(at) == 0;
      case INT128, INT256 -> base.getInteger(at).signum() == 0;
      default -> base.getLong(at) == 0;
    };
  }
}
