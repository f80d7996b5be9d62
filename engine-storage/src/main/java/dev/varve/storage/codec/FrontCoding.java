// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Byte strings of which neighbours share prefixes: each stores how many bytes it has in common
/// with the one before, and the rest.
///
/// | bytes | field |
/// |-------|-------|
/// | 0-3 | bytes from 16 to the rests |
/// | 4-7 | bytes of the rests |
/// | 8-11 | bytes of all strings |
/// | 12-15 | where the lengths of the rests begin, from byte 16 |
/// | 16- | shared lengths as a run of integers, lengths of the rests as a run, the rests, 8 zeros |
final class FrontCoding {
  private static final int HEADER_BYTES = 16;

  /// No granule is written with more bytes than this, so more is damage.
  private static final long MAX_BYTES = 1L << 30;

  private FrontCoding() {}

  /// Writes these rows of a flat vector in this order.
  static void encode(Vector flat, int[] rows, int count, IntegerEncoder integers, ByteSink out) {
    MemorySegment bytes = flat.values();
    int first = least(rows, count);
    int[] offsets = offsets(flat, rows, count, first);
    long[] shared = new long[count];
    long[] rests = new long[count];
    long last = 0;
    int lastLength = 0;
    long all = 0;
    long restBytes = 0;
    for (int i = 0; i < count; i++) {
      long at = offsets[rows[i] - first];
      int length = offsets[rows[i] - first + 1] - (int) at;
      int common = ByteWords.shared(bytes, last, at, Math.min(lastLength, length));
      shared[i] = common;
      rests[i] = length - common;
      restBytes += length - common;
      all += length;
      last = at;
      lastLength = length;
    }
    long fields = out.position();
    out.putLong(0);
    out.putInt(Math.toIntExact(all));
    out.putInt(0);
    integers.encode(shared, count, 4, out);
    out.align();
    out.setInt(fields + 12, Math.toIntExact(out.position() - fields - HEADER_BYTES));
    integers.encode(rests, count, 4, out);
    out.align();
    out.setInt(fields, Math.toIntExact(out.position() - fields - HEADER_BYTES));
    long start = out.position();
    out.reserve(restBytes + Long.BYTES);
    long limit = bytes.isNative() ? bytes.byteSize() - Long.BYTES : -1;
    long to = start;
    for (int i = 0; i < count; i++) {
      long from = offsets[rows[i] - first] + shared[i];
      int rest = (int) rests[i];
      if (from + rest <= limit) {
        RawCopy.copy(bytes.address() + from, out.target().address() + to, rest);
      } else {
        MemorySegment.copy(bytes, from, out.target(), to, rest);
      }
      to += rest;
    }
    out.setInt(fields + 4, Math.toIntExact(restBytes));
    out.setLong(to, 0);
  }

  private static int least(int[] rows, int count) {
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      least = Math.min(least, rows[i]);
    }
    return least;
  }

  /// The offsets from that of row `first` to the one behind the last of the rows.
  private static int[] offsets(Vector flat, int[] rows, int count, int first) {
    int last = 0;
    for (int i = 0; i < count; i++) {
      last = Math.max(last, rows[i]);
    }
    int[] offsets = new int[count == 0 ? 0 : last - first + 2];
    MemorySegment.copy(flat.offsets(), Vector.I32, first * 4L, offsets, 0, offsets.length);
    return offsets;
  }

  /// Reads `count` strings as a flat vector.
  static Vector decode(
      DataType type,
      MemorySegment in,
      long at,
      int count,
      IntegerDecoder integers,
      MemorySegment validity,
      Scratch out) {
    long all = in.get(Vector.I32, at + 8);
    if (all < 0 || all > MAX_BYTES) {
      throw new MalformedBytesException("the bytes of front-coded strings", all);
    }
    int[] shared = integers.decodeInts(in, at + HEADER_BYTES, count).clone();
    long second = at + HEADER_BYTES + in.get(Vector.I32, at + 12);
    int[] rests = integers.decodeInts(in, second, count);
    long from = at + HEADER_BYTES + in.get(Vector.I32, at);
    MemorySegment source = in.asSlice(from, in.get(Vector.I32, at + 4) + 8L);
    MemorySegment offsets = out.allocate((count + 1) * 4L);
    MemorySegment values = out.allocate(all + RawCopy.WIDE);
    long end = join(source, shared, rests, count, offsets, values, all);
    if (end != all) {
      throw new MalformedBytesException(all + " bytes of front-coded strings", end);
    }
    return Vector.bytes(type, count, offsets, values.asSlice(0, all), validity);
  }

  // Copies run in steps of many bytes and may write behind the string; what comes next overwrites
  // that, and the buffer has room behind the strings. The last rests are copied in small steps, as
  // only eight bytes can be read behind them.
  private static long join(
      MemorySegment source,
      int[] shared,
      int[] rests,
      int count,
      MemorySegment offsets,
      MemorySegment values,
      long all) {
    long left = source.byteSize() - 8;
    long wide = left - RawCopy.WIDE;
    long in = source.address();
    long to = values.address();
    long from = 0;
    long last = 0;
    long at = 0;
    offsets.set(Vector.I32, 0, 0);
    for (int i = 0; i < count; i++) {
      int common = shared[i];
      int rest = rests[i];
      if ((common | rest) < 0
          || common > at - last
          || at + common + rest > all
          || from + rest > left) {
        throw new MalformedBytesException(
            "a string that shares at most "
                + (at - last)
                + " bytes and has a rest of at most "
                + (left - from),
            common + " and " + rest);
      }
      RawCopy.copyWide(to + last, to + at, common);
      last = at;
      at += common;
      if (from + rest <= wide) {
        RawCopy.copyWide(in + from, to + at, rest);
      } else {
        RawCopy.copy(in + from, to + at, rest);
      }
      at += rest;
      from += rest;
      offsets.set(Vector.I32, i * 4L + 4, (int) at);
    }
    return at;
  }
}
