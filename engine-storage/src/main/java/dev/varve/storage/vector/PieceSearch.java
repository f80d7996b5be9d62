// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.vector;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Finds the rows of a vector of texts that hold a piece, in one go over the bytes of all texts:
/// the first byte of the piece and its last are compared at 64 places at once, and only where both
/// are right the others. One thread.
public final class PieceSearch {
  private static final long ONES = 0x0101010101010101L;
  private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;
  private static final int CHUNK_WORDS = 1024;

  /// As in [RowPacking], the wide loop tries its hand at some words and goes on while it is fast.
  private static final int TRIED_WORDS = 16;

  private static final long SLOW_NANOS = 500;

  private final MemorySegment piece;
  private final byte first;
  private final byte last;
  private final int length;
  private final boolean hasKernel = hasKernel();
  private final long[] starts = new long[CHUNK_WORDS];

  /// @param piece one byte or more
  public PieceSearch(byte[] piece) {
    this.piece = MemorySegment.ofArray(piece.clone());
    this.length = piece.length;
    this.first = piece[0];
    this.last = piece[length - 1];
  }

  /// False where the processor cannot do it, or the JVM was started without the Vector API.
  static boolean hasKernel() {
    boolean hasApi = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    return hasApi && PieceKernels.isSupported();
  }

  /// Sets the bits of the first `rows` rows that hold the piece.
  ///
  /// @param texts a flat vector of byte strings
  public void find(Vector texts, int rows, long[] mask) {
    if (rows == 0) {
      return;
    }
    MemorySegment bytes = texts.values();
    MemorySegment offsets = texts.offsets();
    long end = offsets.get(Vector.I32, rows * 4L) - length + 1L;
    int row = 0;
    // Behind what a row that is found already holds.
    long next = offsets.get(Vector.I32, 0);
    for (long from = next; from < end; from += CHUNK_WORDS * 64L) {
      int places = (int) Math.min(CHUNK_WORDS * 64L, end - from);
      starts(bytes, from, places);
      for (int w = 0; w < (places + 63) >>> 6; w++) {
        for (long word = starts[w]; word != 0; word &= word - 1) {
          long at = from + (w << 6) + Long.numberOfTrailingZeros(word);
          if (at < next || !isAt(bytes, at)) {
            continue;
          }
          row = rowOf(offsets, row, rows, at);
          int rowEnd = offsets.get(Vector.I32, row * 4L + 4);
          if (at + length <= rowEnd) {
            mask[row >>> 6] |= 1L << row;
            next = rowEnd;
          }
        }
      }
    }
  }

  private boolean isAt(MemorySegment bytes, long at) {
    return MemorySegment.mismatch(bytes, at, at + length, piece, 0, length) < 0;
  }

  /// The row from `least` on in whose bytes this place lies: steps that double, then halves.
  private static int rowOf(MemorySegment offsets, int least, int rows, long place) {
    int low = least;
    int step = 1;
    while (low + step < rows && offsets.get(Vector.I32, (low + step) * 4L) <= place) {
      low += step;
      step *= 2;
    }
    int high = Math.min(rows, low + step);
    while (high - low > 1) {
      int middle = low + high >>> 1;
      if (offsets.get(Vector.I32, middle * 4L) <= place) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Where the first byte and the last are right, for places from `from` on.
  private void starts(MemorySegment bytes, long from, int places) {
    int words = hasKernel ? places >>> 6 : 0;
    int done = Math.min(words, TRIED_WORDS);
    if (done > 0) {
      long before = System.nanoTime();
      PieceKernels.starts(bytes, from, 0, done, first, last, length - 1, starts);
      if (System.nanoTime() - before < done * SLOW_NANOS) {
        PieceKernels.starts(bytes, from, done, words, first, last, length - 1, starts);
        done = words;
      }
    }
    plainStarts(bytes, from, done, places, first, last, length - 1, starts);
  }

  /// As [PieceKernels#starts], from word `first` on, eight places at a time.
  static void plainStarts(
      MemorySegment bytes,
      long from,
      int firstWord,
      int places,
      byte first,
      byte last,
      int distance,
      long[] starts) {
    long firsts = (first & 0xFF) * ONES;
    long lasts = (last & 0xFF) * ONES;
    int at = firstWord << 6;
    Arrays.fill(starts, firstWord, (places + 63) >>> 6, 0);
    for (; at + 8 <= places; at += 8) {
      long other =
          bytes.get(Vector.I64, from + at) ^ firsts
              | bytes.get(Vector.I64, from + at + distance) ^ lasts;
      // The high bit of each byte that is zero, exactly; then one bit for each.
      long zeros = ~((other & LOW_BITS) + LOW_BITS | other | LOW_BITS);
      starts[at >>> 6] |= ((zeros >>> 7) * 0x0102040810204080L >>> 56) << at;
    }
    for (; at < places; at++) {
      boolean both =
          bytes.get(JAVA_BYTE, from + at) == first
              && bytes.get(JAVA_BYTE, from + at + distance) == last;
      starts[at >>> 6] |= (both ? 1L : 0) << at;
    }
  }
}
