// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Loops of plus, minus and multiply over runs of longs and doubles, one method each so that every
/// loop gets a profile of its own. A constant side is a number, not a run.
final class ArithmeticKernels {
  /// Below this magnitude doubles hold every whole number.
  static final long EXACT_DOUBLES = 1L << 53;

  private ArithmeticKernels() {}

  /// `a * am + b * bm`.
  static void addScaled(
      MemorySegment a, long am, MemorySegment b, long bm, MemorySegment out, int rows) {
    if (am == 1 && bm == 1) {
      add(a, b, out, rows);
    } else if (am == 1 && bm == -1) {
      subtract(a, b, out, rows);
    } else {
      for (int i = 0; i < rows; i++) {
        out.set(
            Vector.I64, i * 8L, a.get(Vector.I64, i * 8L) * am + b.get(Vector.I64, i * 8L) * bm);
      }
    }
  }

  private static void add(MemorySegment a, MemorySegment b, MemorySegment out, int rows) {
    for (int i = 0; i < rows; i++) {
      out.set(Vector.I64, i * 8L, a.get(Vector.I64, i * 8L) + b.get(Vector.I64, i * 8L));
    }
  }

  private static void subtract(MemorySegment a, MemorySegment b, MemorySegment out, int rows) {
    for (int i = 0; i < rows; i++) {
      out.set(Vector.I64, i * 8L, a.get(Vector.I64, i * 8L) - b.get(Vector.I64, i * 8L));
    }
  }

  /// `a * m + c`.
  static void linear(MemorySegment a, long m, long c, MemorySegment out, int rows) {
    if (m == 1) {
      for (int i = 0; i < rows; i++) {
        out.set(Vector.I64, i * 8L, a.get(Vector.I64, i * 8L) + c);
      }
    } else if (m == -1) {
      for (int i = 0; i < rows; i++) {
        out.set(Vector.I64, i * 8L, c - a.get(Vector.I64, i * 8L));
      }
    } else {
      for (int i = 0; i < rows; i++) {
        out.set(Vector.I64, i * 8L, a.get(Vector.I64, i * 8L) * m + c);
      }
    }
  }

  static void multiply(MemorySegment a, MemorySegment b, MemorySegment out, int rows) {
    for (int i = 0; i < rows; i++) {
      out.set(Vector.I64, i * 8L, a.get(Vector.I64, i * 8L) * b.get(Vector.I64, i * 8L));
    }
  }

  static void add(MemorySegment a, double sign, MemorySegment b, MemorySegment out, int rows) {
    for (int i = 0; i < rows; i++) {
      out.set(Vector.F64, i * 8L, a.get(Vector.F64, i * 8L) + sign * b.get(Vector.F64, i * 8L));
    }
  }

  static void multiplyDoubles(MemorySegment a, MemorySegment b, MemorySegment out, int rows) {
    for (int i = 0; i < rows; i++) {
      out.set(Vector.F64, i * 8L, a.get(Vector.F64, i * 8L) * b.get(Vector.F64, i * 8L));
    }
  }

  static void divideDoubles(MemorySegment a, MemorySegment b, MemorySegment out, int rows) {
    for (int i = 0; i < rows; i++) {
      out.set(Vector.F64, i * 8L, a.get(Vector.F64, i * 8L) / b.get(Vector.F64, i * 8L));
    }
  }

  static boolean isAnyNegative(MemorySegment a, int rows) {
    long any = 0;
    for (int i = 0; i < rows; i++) {
      any |= a.get(Vector.I64, i * 8L);
    }
    return any < 0;
  }

  /// Whole quotients by one number. All magnitudes are below [#EXACT_DOUBLES]: a quotient of such
  /// numbers that is no whole number lies further from the next one than a double is rounded. There
  /// are instructions that divide many doubles at once, but none for longs.
  static void quotients(MemorySegment a, double divisor, MemorySegment out, int rows) {
    for (int i = 0; i < rows; i++) {
      out.set(Vector.I64, i * 8L, (long) (a.get(Vector.I64, i * 8L) / divisor));
    }
  }

  /// What whole quotients leave, with the sign of the dividend. As [#quotients] demands.
  static void remainders(MemorySegment a, long divisor, MemorySegment out, int rows) {
    double by = divisor;
    for (int i = 0; i < rows; i++) {
      long value = a.get(Vector.I64, i * 8L);
      out.set(Vector.I64, i * 8L, value - (long) (value / by) * divisor);
    }
  }

  /// Adds to what is negative.
  static void liftNegatives(MemorySegment a, long lift, int rows) {
    for (int i = 0; i < rows; i++) {
      long value = a.get(Vector.I64, i * 8L);
      a.set(Vector.I64, i * 8L, value + (value >> 63 & lift));
    }
  }
}
