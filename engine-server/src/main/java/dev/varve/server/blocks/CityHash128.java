// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.blocks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// CityHash128 in its version 1.0.2, the checksum of compressed blocks: later versions give other
/// values. Used by one thread; the value last computed stands in [#low] and [#high].
final class CityHash128 {
  private static final long K0 = 0xc3a5c85c97cb3127L;
  private static final long K1 = 0xb492b66fbe98f273L;
  private static final long K2 = 0x9ae16a3b2f90404fL;
  private static final long K3 = 0xc949d7c7509e6557L;
  private static final long MULTIPLIER = 0x9ddfea08eb382d69L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  long low;
  long high;

  // The two halves that a weak round gives.
  private long first;
  private long second;

  /// Computes the value of `s[at, at + length)`.
  void hash(byte[] s, int at, int length) {
    if (length >= 16) {
      seeded(s, at + 16, length - 16, word(s, at) ^ K3, word(s, at + 8));
    } else if (length >= 8) {
      seeded(s, at, 0, word(s, at) ^ length * K0, word(s, at + length - 8) ^ K1);
    } else {
      seeded(s, at, length, K0, K1);
    }
  }

  private static long word(byte[] s, int at) {
    return (long) LONGS.get(s, at);
  }

  private static long half(byte[] s, int at) {
    return (int) INTS.get(s, at) & 0xFFFFFFFFL;
  }

  private static long mixed(long value) {
    return value ^ value >>> 47;
  }

  private static long join(long u, long v) {
    long a = mixed((u ^ v) * MULTIPLIER);
    return mixed((v ^ a) * MULTIPLIER) * MULTIPLIER;
  }

  private static long upTo16(byte[] s, int at, int length) {
    if (length > 8) {
      long a = word(s, at);
      long b = word(s, at + length - 8);
      return join(a, Long.rotateRight(b + length, length)) ^ b;
    }
    if (length >= 4) {
      return join(length + (half(s, at) << 3), half(s, at + length - 4));
    }
    if (length == 0) {
      return K2;
    }
    long y = (s[at] & 0xFF) + ((s[at + (length >> 1)] & 0xFFL) << 8);
    long z = length + ((s[at + length - 1] & 0xFFL) << 2);
    return mixed(y * K2 ^ z * K3) * K2;
  }

  private void seeded(byte[] s, int at, int length, long seedLow, long seedHigh) {
    if (length < 128) {
      murmur(s, at, length, seedLow, seedHigh);
    } else {
      longer(s, at, length, seedLow, seedHigh);
    }
  }

  private void murmur(byte[] s, int from, int length, long seedLow, long seedHigh) {
    long a = seedLow;
    long b = seedHigh;
    long c;
    long d;
    if (length <= 16) {
      a = mixed(a * K1) * K1;
      c = b * K1 + upTo16(s, from, length);
      d = mixed(a + (length >= 8 ? word(s, from) : c));
    } else {
      c = join(word(s, from + length - 8) + K1, a);
      d = join(b + length, c + word(s, from + length - 16));
      a += d;
      for (int at = from, left = length - 16; left > 0; at += 16, left -= 16) {
        a ^= mixed(word(s, at) * K1) * K1;
        a *= K1;
        b ^= a;
        c ^= mixed(word(s, at + 8) * K1) * K1;
        c *= K1;
        d ^= c;
      }
    }
    a = join(a, c);
    b = join(d, b);
    low = a ^ b;
    high = join(b, a);
  }

  private void weak(byte[] s, int at, long seedA, long seedB) {
    long a = seedA + word(s, at);
    long z = word(s, at + 24);
    long b = Long.rotateRight(seedB + a + z, 21);
    long c = a;
    a += word(s, at + 8);
    a += word(s, at + 16);
    b += Long.rotateRight(a, 44);
    first = a + z;
    second = b + c;
  }

  private void longer(byte[] s, int from, int length, long seedLow, long seedHigh) {
    long x = seedLow;
    long y = seedHigh;
    long z = length * K1;
    long v1 = Long.rotateRight(y ^ K1, 49) * K1 + word(s, from);
    long v2 = Long.rotateRight(v1, 42) * K1 + word(s, from + 8);
    long w1 = Long.rotateRight(y + z, 35) * K1 + x;
    long w2 = Long.rotateRight(x + word(s, from + 88), 53) * K1;
    int at = from;
    int left = length;
    while (left >= 128) {
      for (int half = 0; half < 2; half++) {
        x = Long.rotateRight(x + y + v1 + word(s, at + 16), 37) * K1;
        y = Long.rotateRight(y + v2 + word(s, at + 48), 42) * K1;
        x ^= w2;
        y ^= v1;
        z = Long.rotateRight(z ^ w1, 33);
        weak(s, at, v2 * K1, x + w1);
        v1 = first;
        v2 = second;
        weak(s, at + 32, z + w2, y);
        w1 = first;
        w2 = second;
        long swap = z;
        z = x;
        x = swap;
        at += 64;
      }
      left -= 128;
    }
    y += Long.rotateRight(w1, 37) * K0 + z;
    x += Long.rotateRight(v1 + z, 49) * K0;
    for (int done = 32; done - 32 < left; done += 32) {
      y = Long.rotateRight(y - x, 42) * K0 + v2;
      w1 += word(s, at + left - done + 16);
      x = Long.rotateRight(x, 49) * K0 + w1;
      w1 += v1;
      weak(s, at + left - done, v1, v2);
      v1 = first;
      v2 = second;
    }
    x = join(x, v1);
    y = join(y, w1);
    low = join(x + v2, w2) + y;
    high = join(x + w2, y + v2);
  }
}
