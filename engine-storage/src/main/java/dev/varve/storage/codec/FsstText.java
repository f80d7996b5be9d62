// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.LateTexts;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Byte strings as codes of an [FsstTable], of which some can be read without the others.
///
/// | bytes | field |
/// |-------|-------|
/// | 0-3 | bytes of all strings |
/// | 4-7 | bytes of the codes |
/// | 8-11 | strings of a stop |
/// | 12-15 | where the stops begin, from byte 0 |
/// | 16-19 | where the codes begin, from byte 0 |
/// | 20-23 | 0 |
/// | 24- | lengths of the strings as a run of integers; the stops as a run; the codes; 8 zeros |
///
/// A stop says where the codes of its first string begin. A dictionary has a stop for each string,
/// rows have one for each [#ROWS_OF_STOP].
final class FsstText {
  static final int ROWS_OF_STOP = 64;

  private static final int HEADER_BYTES = 24;

  /// No granule is written with more bytes than this, so more is damage.
  private static final long MAX_BYTES = 1L << 30;

  private final MemorySegment codes;
  private final int count;
  private final int step;
  private final int[] ends;
  private final int[] stops;

  private FsstText(MemorySegment codes, int count, int step, int[] ends, int[] stops) {
    this.codes = codes;
    this.count = count;
    this.step = step;
    this.ends = ends;
    this.stops = stops;
  }

  /// Writes these rows of a flat vector in this order.
  ///
  /// @param step strings of a stop
  static void encode(
      Vector flat, int[] rows, FsstTable table, int step, IntegerEncoder integers, ByteSink out) {
    int count = rows.length;
    long[] lengths = new long[count];
    long[] stops = new long[(count + step - 1) / step];
    int all = 0;
    for (int i = 0; i < count; i++) {
      lengths[i] = length(flat, rows[i]);
      all = Math.addExact(all, (int) lengths[i]);
    }
    byte[] text = new byte[all + FsstTable.PADDING];
    byte[] codes = new byte[2 * all];
    int from = 0;
    int to = 0;
    for (int i = 0; i < count; i++) {
      int length = (int) lengths[i];
      copy(flat, rows[i], 0, length, text, from);
      if (i % step == 0) {
        stops[i / step] = to;
      }
      to = table.encode(text, from, length, codes, to);
      from += length;
    }
    long fields = out.position();
    out.putInt(all);
    out.putInt(to);
    out.putInt(step);
    out.putInt(0);
    out.putLong(0);
    integers.encode(lengths, count, 4, out);
    out.align();
    out.setInt(fields + 12, Math.toIntExact(out.position() - fields));
    integers.encode(stops, stops.length, 4, out);
    out.align();
    out.setInt(fields + 16, Math.toIntExact(out.position() - fields));
    out.put(MemorySegment.ofArray(codes), 0, to);
    out.putLong(0);
  }

  static int length(Vector flat, int row) {
    return flat.offsets().get(Vector.I32, row * 4L + 4) - flat.offsets().get(Vector.I32, row * 4L);
  }

  /// Copies bytes of a string from its byte `skipped` on.
  static void copy(Vector flat, int row, int skipped, int length, byte[] to, int at) {
    long start = (long) flat.offsets().get(Vector.I32, row * 4L) + skipped;
    MemorySegment.copy(flat.values(), JAVA_BYTE, start, to, at, length);
  }

  /// Reads all but the codes.
  static FsstText open(MemorySegment in, long at, int count, IntegerDecoder integers) {
    int all = in.get(Vector.I32, at);
    int bytes = in.get(Vector.I32, at + 4);
    int step = in.get(Vector.I32, at + 8);
    if (all < 0 || all > MAX_BYTES || bytes < 0 || step < 1) {
      throw new MalformedBytesException("the sizes of strings", all + ", " + bytes + ", " + step);
    }
    int[] ends = Arrays.copyOf(integers.decodeInts(in, at + HEADER_BYTES, count), count);
    if (!sum(ends, count) || (count == 0 ? 0 : ends[count - 1]) != all) {
      throw new MalformedBytesException("lengths that add up to " + all, "others");
    }
    int stopCount = (int) ((count + step - 1L) / step);
    long place = at + Integer.toUnsignedLong(in.get(Vector.I32, at + 12));
    int[] stops = Arrays.copyOf(integers.decodeInts(in, place, stopCount), stopCount + 1);
    stops[stopCount] = bytes;
    for (int s = 0; s < stopCount; s++) {
      if (stops[s] < 0 || stops[s] > stops[s + 1]) {
        throw new MalformedBytesException("stops that ascend to " + bytes, stops[s]);
      }
    }
    long start = at + Integer.toUnsignedLong(in.get(Vector.I32, at + 16));
    return new FsstText(in.asSlice(start, bytes), count, step, ends, stops);
  }

  /// Lengths to where each string ends. False where one is below 0, or they are too many.
  private static boolean sum(int[] lengths, int count) {
    int at = 0;
    int signs = 0;
    for (int i = 0; i < count; i++) {
      at += lengths[i];
      signs |= lengths[i] | at;
      lengths[i] = at;
    }
    return signs >= 0;
  }

  private int start(int string) {
    return string == 0 ? 0 : ends[string - 1];
  }

  /// All strings as a flat vector.
  Vector decode(DataType type, FsstTable table, MemorySegment validity, Scratch out) {
    return Vector.bytes(type, count, offsets(out), decode(table, out), validity);
  }

  /// As [#decode], but no string is decoded before somebody asks for it.
  Vector late(DataType type, FsstTable table, MemorySegment validity, Scratch out) {
    return Vector.late(type, count, offsets(out), new Late(table, out), validity);
  }

  private MemorySegment offsets(Scratch out) {
    MemorySegment offsets = out.allocate((count + 1) * 4L);
    offsets.set(Vector.I32, 0, 0);
    MemorySegment.copy(ends, 0, offsets, Vector.I32, 4, count);
    return offsets;
  }

  private MemorySegment decode(FsstTable table, Scratch out) {
    int all = count == 0 ? 0 : ends[count - 1];
    MemorySegment values = out.allocate(all + 8L);
    long found = table.decode(codes, 0, codes.byteSize(), values);
    if (found != all) {
      throw new MalformedBytesException(all + " bytes of strings", found);
    }
    return values.asSlice(0, all);
  }

  private static void set(long[] mask, int from, int to) {
    for (int i = from; i < to; i++) {
      mask[i >>> 6] |= 1L << i;
    }
  }

  private final class Late implements LateTexts {
    private final FsstTable table;
    private final Scratch memory;
    private MemorySegment made;

    Late(FsstTable table, Scratch memory) {
      this.table = table;
      this.memory = memory;
    }

    @Override
    public MemorySegment all() {
      if (made == null) {
        made = decode(table, memory);
      }
      return made;
    }

    @Override
    public boolean isMade() {
      return made != null;
    }

    @Override
    public MemorySegment some(int[] wanted, int wantedCount, long bytes, Scratch out) {
      MemorySegment values = out.allocate(bytes);
      decode(table, wanted, wantedCount, values, out);
      return values;
    }

    @Override
    public void mayHold(byte[] piece, long[] maybe) {
      FsstSearch search = table.search(piece);
      long[] starts = search.starts(codes);
      for (int stop = 0; stop < stops.length - 1; stop++) {
        if (search.isIn(codes, stops[stop], stops[stop + 1], starts)) {
          set(maybe, stop * step, (int) Math.min(count, (stop + 1L) * step));
        }
      }
    }
  }

  /// Some strings as a flat vector.
  ///
  /// @param wanted numbers of strings, in any order
  Vector decode(
      DataType type,
      FsstTable table,
      int[] wanted,
      int wantedCount,
      MemorySegment validity,
      Scratch out) {
    long bytes = 0;
    for (int i = 0; i < wantedCount; i++) {
      bytes += ends[wanted[i]] - start(wanted[i]);
    }
    if (bytes > MAX_BYTES) {
      throw new MalformedBytesException("at most " + MAX_BYTES + " bytes of strings", bytes);
    }
    MemorySegment offsets = out.allocate((wantedCount + 1) * 4L);
    MemorySegment values = out.allocate(bytes);
    offsets.set(Vector.I32, 0, 0);
    int to = 0;
    for (int i = 0; i < wantedCount; i++) {
      to += ends[wanted[i]] - start(wanted[i]);
      offsets.set(Vector.I32, i * 4L + 4, to);
    }
    decode(table, wanted, wantedCount, values, out);
    return Vector.bytes(type, wantedCount, offsets, values, validity);
  }

  /// Some strings, one behind the other.
  private void decode(
      FsstTable table, int[] wanted, int wantedCount, MemorySegment values, Scratch out) {
    int to = 0;
    MemorySegment group = null;
    int inGroup = -1;
    for (int i = 0; i < wantedCount; i++) {
      int stop = wanted[i] / step;
      if (stop != inGroup) {
        group = group(stop, table, group, out);
        inGroup = stop;
      }
      int from = start(wanted[i]) - start(stop * step);
      int length = ends[wanted[i]] - start(wanted[i]);
      MemorySegment.copy(group, from, values, to, length);
      to += length;
    }
  }

  /// The strings of a stop, in the memory of the group before where that is large enough.
  private MemorySegment group(int stop, FsstTable table, MemorySegment before, Scratch out) {
    int first = stop * step;
    int bytes = ends[Math.min(count, first + step) - 1] - start(first);
    MemorySegment group =
        before != null && before.byteSize() >= bytes + 8L
            ? before
            : out.allocate(Math.max(256, 2L * bytes) + 8);
    long found =
        table.decode(
            codes, stops[stop], stops[stop + 1] - stops[stop], group.asSlice(0, bytes + 8L));
    if (found != bytes) {
      throw new MalformedBytesException(bytes + " bytes of strings", found);
    }
    return group;
  }
}
