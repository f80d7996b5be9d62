// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.vector;

import java.lang.foreign.MemorySegment;

/// Copies the rows that a mask leaves, close together, by an instruction that does so for 64 bytes
/// at once: a fifth of the time that numbers of rows and a gather by them take. One thread.
///
/// Before such a loop is compiled it is some hundred times slower than a plain one, and only its
/// being run has it compiled. So it tries its hand at 64 rows of each vector, looks at the clock,
/// and gives up that vector while it is slow. A process needs some thousand such tries once.
public final class RowPacking {
  private static final int WORD = 64;
  private static final long SLOW_NANOS = 1_000;

  /// Place in [#isFast] of the loop over an array, behind those by the width of a value.
  private static final int ARRAY = 9;

  private final boolean[] isFast = new boolean[ARRAY + 1];
  private final boolean trusted;

  private RowPacking(boolean trusted) {
    this.trusted = trusted;
  }

  /// Null where the processor cannot do it, or the JVM was started without the Vector API.
  public static RowPacking create() {
    boolean hasApi = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    return hasApi && PackKernels.isSupported() ? new RowPacking(false) : null;
  }

  /// One that does not look at the clock, for tests. Only where [#create] gives one too.
  public static RowPacking trusted() {
    return new RowPacking(true);
  }

  /// The rows of a mask, or null where rows are better gathered: of vectors with nulls, of texts,
  /// of wide values, and while it would be slow.
  ///
  /// @param mask a bit for each row of the vector, none behind the last
  /// @param left bits that are set
  public Vector pack(Vector vector, long[] mask, int left, Scratch scratch) {
    int width = width(vector);
    if (width == 0 || vector.rows() < WORD) {
      return null;
    }
    MemorySegment from = vector.values();
    int words = vector.rows() / WORD;
    // The last step writes 64 bytes, however few rows of them are left.
    MemorySegment to = scratch.allocate((long) left * width + WORD);
    int packed = 0;
    int done = 0;
    if (!trusted && !isFast[width]) {
      long started = System.nanoTime();
      packed = PackKernels.pack(from, width, mask, 0, 1, to, 0);
      isFast[width] = System.nanoTime() - started < SLOW_NANOS;
      if (!isFast[width]) {
        return null;
      }
      done = 1;
    }
    packed = PackKernels.pack(from, width, mask, done, words, to, packed);
    packTail(from, width, mask, words * WORD, vector.rows(), to, packed);
    MemorySegment values = to.asSlice(0, (long) left * width);
    return vector.isDictionary()
        ? Vector.dictionary(vector.type(), left, values, vector.dictionary(), null)
        : Vector.fixed(vector.type(), vector.physical(), left, values, null);
  }

  /// Moves the rows of a mask to the front of an array of numbers that are still to be widened.
  /// False, and nothing moved, while it would be slow.
  ///
  /// @param rows numbers in the array
  /// @param mask a bit for each of them, none behind the last
  public boolean pack(int[] values, int rows, long[] mask) {
    int words = rows / WORD;
    if (words == 0) {
      return false;
    }
    if (!trusted && !isFast[ARRAY]) {
      long started = System.nanoTime();
      PackKernels.packInts(values, mask, 0, 1, new int[WORD + WORD / 4], 0);
      isFast[ARRAY] = System.nanoTime() - started < SLOW_NANOS;
      if (!isFast[ARRAY]) {
        return false;
      }
    }
    int packed = PackKernels.packInts(values, mask, 0, words, values, 0);
    for (int row = words * WORD; row < rows; row++) {
      if ((mask[row >> 6] >>> row & 1) != 0) {
        values[packed++] = values[row];
      }
    }
    return true;
  }

  /// Bytes of a value or of a code, 0 where this is not for the vector.
  private static int width(Vector vector) {
    if (vector.validity() != null || vector.isConstant()) {
      return 0;
    }
    if (vector.isDictionary()) {
      return 4;
    }
    return switch (vector.physical()) {
      case BYTES, LIST, STRUCT -> 0;
      default -> {
        int width = vector.width();
        yield width == 1 || width == 2 || width == 4 || width == 8 ? width : 0;
      }
    };
  }

  /// The rows behind the last whole word.
  private static void packTail(
      MemorySegment from, int width, long[] mask, int first, int rows, MemorySegment to, int at) {
    int next = at;
    for (int row = first; row < rows; row++) {
      if ((mask[row >> 6] >>> row & 1) != 0) {
        MemorySegment.copy(from, (long) row * width, to, (long) next++ * width, width);
      }
    }
  }
}
