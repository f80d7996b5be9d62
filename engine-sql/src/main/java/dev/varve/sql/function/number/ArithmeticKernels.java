// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Loops of plus, minus and multiply over runs of longs and doubles, one method each so that every
/// loop gets a profile of its own. A constant side is a number, not a run.
final class ArithmeticKernels {
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
}
