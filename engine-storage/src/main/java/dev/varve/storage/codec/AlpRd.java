// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Floats of full precision but few magnitudes: the upper bits (sign, exponent, first digits) by a
/// table of at most eight, the lower bits as they are. After ALP-RD of Afroozeh, Kuffó and Boncz.
///
/// The table stands in the head behind the node's offsets: `u32` lower bits, `u32` entries, then
/// the upper bits of each (`u64`). A section: `u32` where the lower bits begin (from its first
/// byte), 0 (`u32`), the codes as a run of integers, zeros to a multiple of eight, the lower bits
/// as a run. Upper bits outside the table have the code of their place behind it, and stand in
/// full: behind the lower bits, zeros to a multiple of eight, `u32` number, `u32` bytes of a number
/// (8), `u64` each, in the order of their rows.
final class AlpRd {
  private static final int MAX_ENTRIES = 7;
  private static final int SAMPLE = 512;

  private final int lowBits;
  private final int width;
  private final long[] table;

  private AlpRd(int lowBits, int width, long[] table) {
    this.lowBits = lowBits;
    this.width = width;
    this.table = table;
  }

  /// The split by which a sample takes the fewest bits, or null where none saves a tenth.
  static AlpRd of(long[] bits, int count, Physical physical) {
    int width = physical.width() * 8;
    int size = Math.min(count, SAMPLE);
    long[] sample = new long[size];
    AlpRd best = null;
    long bestCost = (long) size * width * 9 / 10;
    for (int upper = 1; upper <= 16; upper++) {
      int low = width - upper;
      for (int i = 0; i < size; i++) {
        sample[i] = upper(bits[(int) ((long) i * count / size)], low, width);
      }
      Arrays.sort(sample);
      long[] entries = mostFrequent(sample);
      long outside = size - covered(sample, entries);
      long cost = size * (low + 3L) + outside * (64 + 3);
      if (cost < bestCost) {
        bestCost = cost;
        best = new AlpRd(low, width, entries);
      }
    }
    return best;
  }

  private static long upper(long bits, int low, int width) {
    return bits >>> low & -1L >>> (64 - (width - low));
  }

  private static long[] mostFrequent(long[] sorted) {
    long[] values = new long[MAX_ENTRIES];
    int[] counts = new int[MAX_ENTRIES];
    int used = 0;
    int start = 0;
    for (int i = 1; i <= sorted.length; i++) {
      if (i < sorted.length && sorted[i] == sorted[start]) {
        continue;
      }
      int least = 0;
      for (int e = 1; e < used; e++) {
        least = counts[e] < counts[least] ? e : least;
      }
      int place = used < MAX_ENTRIES ? used++ : counts[least] < i - start ? least : -1;
      if (place >= 0) {
        values[place] = sorted[start];
        counts[place] = i - start;
      }
      start = i;
    }
    long[] entries = Arrays.copyOf(values, used);
    Arrays.sort(entries);
    return entries;
  }

  private static long covered(long[] sample, long[] entries) {
    long covered = 0;
    for (long value : sample) {
      covered += Arrays.binarySearch(entries, value) >= 0 ? 1 : 0;
    }
    return covered;
  }

  void writeTable(ByteSink head) {
    head.align();
    head.putInt(lowBits);
    head.putInt(table.length);
    for (long entry : table) {
      head.putLong(entry);
    }
  }

  /// Writes a section of floats given by their bits, which are overwritten.
  void encode(long[] bits, int count, IntegerEncoder integers, ByteSink out) {
    long[] codes = new long[count];
    long[] outside = new long[count];
    int found = 0;
    long mask = -1L >>> (64 - lowBits);
    for (int i = 0; i < count; i++) {
      long upper = upper(bits[i], lowBits, width);
      int code = Arrays.binarySearch(table, upper);
      if (code < 0) {
        code = table.length;
        outside[found++] = upper;
      }
      codes[i] = code;
      bits[i] &= mask;
    }
    long start = out.position();
    out.putLong(0);
    integers.encode(codes, count, 4, out);
    out.align();
    out.setInt(start, Math.toIntExact(out.position() - start));
    integers.encode(bits, count, 8, out);
    out.align();
    out.setInt(start + 4, Math.toIntExact(out.position() - start));
    out.putInt(found);
    out.putInt(8);
    for (int i = 0; i < found; i++) {
      out.putLong(outside[i]);
    }
  }

  /// Reads a section into a segment of as many floats.
  ///
  /// @param at where the table begins in the head
  /// @param section where the section begins in `in`
  static void decode(
      MemorySegment head,
      long at,
      MemorySegment in,
      long section,
      int count,
      Physical physical,
      IntegerDecoder integers,
      MemorySegment out) {
    int width = physical.width() * 8;
    int lowBits = head.get(Vector.I32, at);
    int entries = head.get(Vector.I32, at + 4);
    if (lowBits < 1 || lowBits >= width || entries < 0 || entries > MAX_ENTRIES) {
      throw new MalformedBytesException("a table of upper bits", lowBits + ", " + entries);
    }
    long[] table = new long[entries + 1];
    for (int e = 0; e < entries; e++) {
      table[e] = head.get(Vector.I64, at + 8 + 8L * e) << lowBits;
    }
    int[] codes = integers.decodeInts(in, section + 8, count).clone();
    long low = section + Integer.toUnsignedLong(in.get(Vector.I32, section));
    long[] bits = integers.decode(in, low, count);
    long rest = section + Integer.toUnsignedLong(in.get(Vector.I32, section + 4));
    int outside = in.get(Vector.I32, rest);
    if (outside > 0) {
      join(codes, bits, count, entries, outside, in, rest + 8, lowBits);
    }
    glue(codes, bits, count, table, physical, out);
  }

  /// Puts the upper bits that the table does not have.
  private static void join(
      int[] codes,
      long[] bits,
      int count,
      int entries,
      int outside,
      MemorySegment in,
      long at,
      int lowBits) {
    int next = 0;
    for (int i = 0; i < count; i++) {
      if (codes[i] == entries && next < outside) {
        bits[i] |= in.get(Vector.I64, at + 8L * next++) << lowBits;
      }
    }
  }

  private static void glue(
      int[] codes, long[] bits, int count, long[] table, Physical physical, MemorySegment out) {
    if (physical == Physical.FLOAT32) {
      for (int i = 0; i < count; i++) {
        out.set(Vector.I32, i * 4L, (int) (table[codes[i]] | bits[i]));
      }
    } else {
      for (int i = 0; i < count; i++) {
        out.set(Vector.I64, i * 8L, table[codes[i]] | bits[i]);
      }
    }
  }
}
