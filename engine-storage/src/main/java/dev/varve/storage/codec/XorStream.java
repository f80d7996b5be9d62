// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Numbers as their difference by xor from the one before, as Gorilla writes floats: good where
/// neighbours have sign, exponent and first digits in common. Slow to read, since each value waits
/// for the one before; so only where it is asked for or much shorter than all else.
///
/// A stream of bits, the lowest of each 64-bit word first. For each value after the first: `0`: the
/// same as before. `1`, `0`: the bits of the window of the value before. `1`, `1`: six bits leading
/// zeros of the new window, six bits its length less one, its bits. Zeros to a whole word.
final class XorStream {
  private XorStream() {}

  /// Bits that all values take after the first.
  ///
  /// @param width bits of a value
  private static long bits(long[] values, int from, int count, int width) {
    long bits = 0;
    int lead = 65;
    int length = 0;
    long mask = -1L >>> (64 - width);
    for (int i = from + 1; i < from + count; i++) {
      long x = (values[i] ^ values[i - 1]) & mask;
      if (x == 0) {
        bits++;
        continue;
      }
      int leading = Long.numberOfLeadingZeros(x);
      int trailing = Long.numberOfTrailingZeros(x);
      if (leading >= lead && trailing >= 64 - lead - length) {
        bits += 2 + length;
      } else {
        lead = leading;
        length = 64 - leading - trailing;
        bits += 14 + length;
      }
    }
    return bits;
  }

  /// The part of their bits that values take, by a sample of ten runs of 64.
  static double share(long[] values, int count, int width) {
    int run = Math.min(count, 64);
    long bits = 0;
    for (int i = 0; i < 10; i++) {
      bits += bits(values, (int) ((long) i * (count - run) / 9), run, width);
    }
    return bits / (10.0 * run * width);
  }

  static void encode(long[] values, int count, int width, ByteSink out) {
    BitWriter bits = new BitWriter(out);
    int lead = 65;
    int length = 0;
    long mask = -1L >>> (64 - width);
    for (int i = 1; i < count; i++) {
      long x = (values[i] ^ values[i - 1]) & mask;
      if (x == 0) {
        bits.write(0, 1);
        continue;
      }
      int leading = Long.numberOfLeadingZeros(x);
      int trailing = Long.numberOfTrailingZeros(x);
      if (leading >= lead && trailing >= 64 - lead - length) {
        bits.write(1, 2);
      } else {
        lead = leading;
        length = 64 - leading - trailing;
        bits.write(3 | (long) lead << 2 | (long) (length - 1) << 8, 14);
      }
      bits.write(x >>> (64 - lead - length), length);
    }
    bits.finish();
  }

  static void decode(MemorySegment in, long at, long bytes, long first, int count, long[] out) {
    if (count == 0) {
      return;
    }
    MemorySegment words = in.asSlice(at, bytes);
    long position = 0;
    int lead = 0;
    int length = 0;
    long value = first;
    out[0] = value;
    for (int i = 1; i < count; i++) {
      long head = read(words, position, 2);
      if ((head & 1) == 0) {
        position++;
      } else {
        position += 2;
        if (head == 3) {
          long window = read(words, position, 12);
          position += 12;
          lead = (int) window & 63;
          length = (int) (window >>> 6) + 1;
        }
        if (lead + length > 64) {
          throw new MalformedBytesException("a window of 64 bits", lead + length);
        }
        value ^= read(words, position, length) << (64 - lead - length);
        position += length;
      }
      out[i] = value;
    }
  }

  private static long read(MemorySegment words, long position, int count) {
    if (count == 0) {
      return 0;
    }
    long word = position >>> 6 << 3;
    int shift = (int) position & 63;
    long bits = words.get(Vector.I64, word) >>> shift;
    if (shift + count > 64 && word + 16 <= words.byteSize()) {
      bits |= words.get(Vector.I64, word + 8) << (64 - shift);
    }
    return bits & -1L >>> (64 - count);
  }

  /// Bits into words, the lowest first.
  private static final class BitWriter {
    private final ByteSink out;
    private long word;
    private int used;

    BitWriter(ByteSink out) {
      this.out = out;
    }

    void write(long bits, int count) {
      word |= bits << used;
      if (used + count >= 64) {
        out.putLong(word);
        word = used == 0 ? 0 : bits >>> (64 - used);
        used += count - 64;
      } else {
        used += count;
      }
    }

    void finish() {
      out.putLong(word);
    }
  }
}
