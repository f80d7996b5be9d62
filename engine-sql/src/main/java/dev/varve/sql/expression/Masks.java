// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Bitmasks over the rows of a batch: bit `i` of word `i / 64`. Bits beyond the last row are zero.
public final class Masks {
  private Masks() {}

  public static int words(int rows) {
    return (rows + 63) >>> 6;
  }

  public static long[] create(int rows) {
    return new long[words(rows)];
  }

  /// A mask with the first `rows` bits set.
  public static long[] all(int rows) {
    long[] mask = create(rows);
    Arrays.fill(mask, -1L);
    clearTail(mask, rows);
    return mask;
  }

  public static void clearTail(long[] mask, int rows) {
    if ((rows & 63) != 0) {
      mask[rows >>> 6] &= (1L << (rows & 63)) - 1;
    }
  }

  public static boolean isSet(long[] mask, int row) {
    return (mask[row >>> 6] >>> row & 1) != 0;
  }

  public static int count(long[] mask) {
    int count = 0;
    for (long word : mask) {
      count += Long.bitCount(word);
    }
    return count;
  }

  public static void and(long[] mask, long[] other) {
    for (int i = 0; i < mask.length; i++) {
      mask[i] &= other[i];
    }
  }

  public static void or(long[] mask, long[] other) {
    for (int i = 0; i < mask.length; i++) {
      mask[i] |= other[i];
    }
  }

  public static void andNot(long[] mask, long[] other) {
    for (int i = 0; i < mask.length; i++) {
      mask[i] &= ~other[i];
    }
  }

  public static void not(long[] mask, int rows) {
    for (int i = 0; i < mask.length; i++) {
      mask[i] = ~mask[i];
    }
    clearTail(mask, rows);
  }

  /// Writes the numbers of the set bits to `selection`; gives how many.
  public static int toSelection(long[] mask, int[] selection) {
    int count = 0;
    for (int w = 0; w < mask.length; w++) {
      long word = mask[w];
      int base = w << 6;
      if (word == -1L) {
        for (int b = 0; b < 64; b++) {
          selection[count + b] = base + b;
        }
        count += 64;
        continue;
      }
      while (word != 0) {
        selection[count++] = base + Long.numberOfTrailingZeros(word);
        word &= word - 1;
      }
    }
    return count;
  }

  /// The mask of rows that are NULL in a vector, or null where none can be.
  public static long[] nulls(Vector vector) {
    if (!vector.mayHaveNulls()) {
      return null;
    }
    int rows = vector.rows();
    if (vector.isConstant()) {
      return vector.isNull(0) ? all(rows) : null;
    }
    long[] mask = fromBitmap(vector.validity(), rows);
    not(mask, rows);
    return mask;
  }

  /// The first `rows` bits of an Arrow bitmap.
  public static long[] fromBitmap(MemorySegment bitmap, int rows) {
    long[] mask = create(rows);
    int whole = rows >>> 6;
    for (int i = 0; i < whole; i++) {
      mask[i] = bitmap.get(Vector.I64, i * 8L);
    }
    for (int row = whole << 6; row < rows; row++) {
      mask[row >>> 6] |= Validity.isSet(bitmap, row) ? 1L << row : 0;
    }
    return mask;
  }

  public static MemorySegment toBitmap(long[] mask, Scratch scratch) {
    MemorySegment bitmap = scratch.allocate(mask.length * 8L);
    MemorySegment.copy(mask, 0, bitmap, Vector.I64, 0, mask.length);
    return bitmap;
  }

  /// A Bool vector: 1 where `yes`, NULL where `nulls` (which may be null for "nowhere").
  public static Vector toVector(
      DataType type, long[] yes, long[] nulls, int rows, Scratch scratch) {
    MemorySegment bytes = scratch.allocate(rows);
    for (int i = 0; i < rows; i++) {
      bytes.set(JAVA_BYTE, i, (byte) (yes[i >>> 6] >>> i & 1));
    }
    MemorySegment validity = null;
    if (nulls != null) {
      long[] present = nulls.clone();
      not(present, rows);
      validity = toBitmap(present, scratch);
    }
    return Vector.fixed(type, rows, bytes, validity);
  }

  /// The rows of a Bool (or any one-byte) vector that are not zero; what stands below a NULL counts
  /// as it lies there.
  public static void fromBytes(MemorySegment bytes, int rows, long[] mask) {
    int whole = rows >>> 3;
    for (int i = 0; i < whole; i++) {
      long eight = bytes.get(Vector.I64, i * 8L);
      // Each byte to its lowest bit, then the eight low bits to one byte.
      long low = eight | eight >>> 4 & 0x0F0F0F0F0F0F0F0FL;
      low |= low >>> 2 & 0x3F3F3F3F3F3F3F3FL;
      low |= low >>> 1 & 0x7F7F7F7F7F7F7F7FL;
      low &= 0x0101010101010101L;
      long packed = low * 0x0102040810204080L >>> 56;
      mask[i >>> 3] |= packed << ((i & 7) << 3);
    }
    for (int row = whole << 3; row < rows; row++) {
      mask[row >>> 6] |= bytes.get(JAVA_BYTE, row) != 0 ? 1L << row : 0;
    }
  }
}
