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
    MemorySegment offsets = flat.offsets();
    long[] shared = new long[count];
    long[] rests = new long[count];
    long last = 0;
    int lastLength = 0;
    long all = 0;
    for (int i = 0; i < count; i++) {
      long at = offsets.get(Vector.I32, rows[i] * 4L);
      int length = offsets.get(Vector.I32, rows[i] * 4L + 4) - (int) at;
      int common = ByteWords.shared(bytes, last, at, Math.min(lastLength, length));
      shared[i] = common;
      rests[i] = length - common;
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
    for (int i = 0; i < count; i++) {
      out.put(bytes, offsets.get(Vector.I32, rows[i] * 4L) + shared[i], rests[i]);
    }
    out.setInt(fields + 4, Math.toIntExact(out.position() - start));
    out.putLong(0);
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
    MemorySegment values = out.allocate(all + 8);
    long end = join(source, shared, rests, count, offsets, values, all);
    if (end != all) {
      throw new MalformedBytesException(all + " bytes of front-coded strings", end);
    }
    return Vector.bytes(type, count, offsets, values.asSlice(0, all), validity);
  }

  // Both copies run in steps of eight bytes and may write behind the string; what comes next
  // overwrites that, and the buffer has eight bytes more than the strings.
  private static long join(
      MemorySegment source,
      int[] shared,
      int[] rests,
      int count,
      MemorySegment offsets,
      MemorySegment values,
      long all) {
    long left = source.byteSize() - 8;
    long to = values.address();
    long from = 0;
    long last = 0;
    long at = 0;
    offsets.set(Vector.I32, 0, 0);
    for (int i = 0; i < count; i++) {
      int common = shared[i];
      int rest = rests[i];
      if ((common | rest) < 0 || common > at - last || at + common + rest > all) {
        throw new MalformedBytesException(
            "a string that shares at most " + (at - last) + " bytes", common + " and " + rest);
      }
      if (from + rest > left) {
        throw new MalformedBytesException("rests of " + left + " bytes", from + rest);
      }
      RawCopy.copy(to + last, to + at, common);
      last = at;
      at += common;
      RawCopy.copy(source.address() + from, to + at, rest);
      at += rest;
      from += rest;
      offsets.set(Vector.I32, i * 4L + 4, (int) at);
    }
    return at;
  }
}
