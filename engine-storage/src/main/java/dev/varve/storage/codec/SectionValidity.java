// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Validity;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Which rows of a granule are NULL, at the beginning of its section: nothing, a bitmap, or where
/// few rows differ from the others, their numbers. [NodeLayout] draws the bytes.
final class SectionValidity {
  /// Row numbers take about a byte each, a bitmap a bit for each row.
  private static final int ROWS_PER_LISTED = 16;

  private SectionValidity() {}

  /// Writes rows `[from, to)` of a bitmap.
  static void encode(
      MemorySegment validity, int from, int to, IntegerEncoder integers, ByteSink out) {
    int present = 0;
    for (int row = from; row < to; row += 64) {
      present += Long.bitCount(word(validity, row, to));
    }
    int rows = to - from;
    int absent = rows - present;
    if (absent == 0 || present == 0) {
      out.putLong(present == 0 && rows > 0 ? NodeLayout.SECTION_ALL_NULL : NodeLayout.NONE_NULL);
    } else if (rows >= 1024 && Math.min(absent, present) < rows / ROWS_PER_LISTED) {
      boolean listsNulls = absent < present;
      out.putLong(listsNulls ? NodeLayout.NULL_ROWS : NodeLayout.PRESENT_ROWS);
      list(validity, from, to, !listsNulls, Math.min(absent, present), integers, out);
    } else {
      out.putLong(NodeLayout.BITMAP);
      for (int row = from; row < to; row += 64) {
        out.putLong(word(validity, row, to));
      }
    }
  }

  private static void list(
      MemorySegment validity,
      int from,
      int to,
      boolean listed,
      int count,
      IntegerEncoder integers,
      ByteSink out) {
    long[] rows = new long[count];
    int found = 0;
    for (int row = from; row < to; row++) {
      if (Validity.isSet(validity, row) == listed) {
        rows[found++] = row - from;
      }
    }
    long fields = out.position();
    out.putInt(0);
    out.putInt(count);
    integers.encode(rows, count, 2, out);
    out.align();
    out.setInt(fields, Math.toIntExact(out.position() - fields - 8));
  }

  /// The bits of up to 64 rows from `row` on; zeros from `to` on.
  private static long word(MemorySegment validity, int row, int to) {
    int rows = Math.min(64, to - row);
    if ((row & 7) == 0 && (row >>> 3) + 8 <= validity.byteSize()) {
      return validity.get(Vector.I64, row >>> 3) & -1L >>> (64 - rows);
    }
    long bits = 0;
    for (int i = 0; i < rows; i++) {
      bits |= Validity.isSet(validity, row + i) ? 1L << i : 0;
    }
    return bits;
  }

  /// Bytes of the validity that begins here.
  static long bytes(MemorySegment in, long at, int rows) {
    long state = in.get(Vector.I64, at);
    if (state == NodeLayout.BITMAP) {
      return 8 + Validity.bytes(rows);
    }
    if (state == NodeLayout.NULL_ROWS || state == NodeLayout.PRESENT_ROWS) {
      return 16 + Integer.toUnsignedLong(in.get(Vector.I32, at + 8));
    }
    return 8;
  }

  /// The bitmap of the rows, or null where none is NULL.
  static MemorySegment decode(
      MemorySegment in, long at, int rows, IntegerDecoder integers, Scratch out) {
    long state = in.get(Vector.I64, at);
    if (state == NodeLayout.NONE_NULL) {
      return null;
    }
    if (state == NodeLayout.BITMAP) {
      return in.asSlice(at + 8, Validity.bytes(rows));
    }
    if (state == NodeLayout.SECTION_ALL_NULL) {
      return out.allocateZeroed(Validity.bytes(rows));
    }
    if (state != NodeLayout.NULL_ROWS && state != NodeLayout.PRESENT_ROWS) {
      throw new MalformedBytesException("a validity from 0 to 4", state);
    }
    MemorySegment bitmap = out.allocate(Validity.bytes(rows));
    bitmap.fill((byte) (state == NodeLayout.NULL_ROWS ? -1 : 0));
    if (state == NodeLayout.NULL_ROWS) {
      for (int row = rows; row < 8 * bitmap.byteSize(); row++) {
        Validity.clear(bitmap, row);
      }
    }
    int count = in.get(Vector.I32, at + 12);
    if (count < 0 || count > rows) {
      throw new MalformedBytesException("at most " + rows + " rows", count);
    }
    int[] listed = integers.decodeInts(in, at + 16, count);
    for (int i = 0; i < count; i++) {
      int row = listed[i];
      if (row < 0 || row >= rows) {
        throw new MalformedBytesException("one of " + rows + " rows", row);
      }
      byte bit = (byte) (1 << (row & 7));
      bitmap.set(JAVA_BYTE, row >>> 3, (byte) (bitmap.get(JAVA_BYTE, row >>> 3) ^ bit));
    }
    return bitmap;
  }
}
