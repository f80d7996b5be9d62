// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.misc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// CityHash64 in its version 1.0.2, which ClickHouse keeps: later ones give other values.
final class CityHash {
  private static final long K0 = 0xc3a5c85c97cb3127L;
  private static final long K1 = 0xb492b66fbe98f273L;
  private static final long K2 = 0x9ae16a3b2f90404fL;
  private static final long K3 = 0xc949d7c7509e6557L;
  private static final long MULTIPLIER = 0x9ddfea08eb382d69L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private CityHash() {}

  /// A pair of words that is mixed on.
  private record Pair(long first, long second) {}

  static long hash(byte[] s) {
    int length = s.length;
    if (length <= 16) {
      return upTo16(s);
    }
    if (length <= 32) {
      return upTo32(s);
    }
    return length <= 64 ? upTo64(s) : longer(s);
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

  /// One word of two.
  static long join(long u, long v) {
    long a = mixed((u ^ v) * MULTIPLIER);
    return mixed((v ^ a) * MULTIPLIER) * MULTIPLIER;
  }

  private static long upTo16(byte[] s) {
    int length = s.length;
    if (length > 8) {
      long a = word(s, 0);
      long b = word(s, length - 8);
      return join(a, Long.rotateRight(b + length, length)) ^ b;
    }
    if (length >= 4) {
      return join(length + (half(s, 0) << 3), half(s, length - 4));
    }
    if (length == 0) {
      return K2;
    }
    long y = (s[0] & 0xFF) + ((s[length >> 1] & 0xFFL) << 8);
    long z = length + ((s[length - 1] & 0xFFL) << 2);
    return mixed(y * K2 ^ z * K3) * K2;
  }

  private static long upTo32(byte[] s) {
    int length = s.length;
    long a = word(s, 0) * K1;
    long b = word(s, 8);
    long c = word(s, length - 8) * K2;
    long d = word(s, length - 16) * K0;
    return join(
        Long.rotateRight(a - b, 43) + Long.rotateRight(c, 30) + d,
        a + Long.rotateRight(b ^ K3, 20) - c + length);
  }

  private static long upTo64(byte[] s) {
    int length = s.length;
    long z = word(s, 24);
    long a = word(s, 0) + (length + word(s, length - 16)) * K0;
    long b = Long.rotateRight(a + z, 52);
    long c = Long.rotateRight(a, 37);
    a += word(s, 8);
    c += Long.rotateRight(a, 7);
    a += word(s, 16);
    final long vFirst = a + z;
    final long vSecond = b + Long.rotateRight(a, 31) + c;
    a = word(s, 16) + word(s, length - 32);
    z = word(s, length - 8);
    b = Long.rotateRight(a + z, 52);
    c = Long.rotateRight(a, 37);
    a += word(s, length - 24);
    c += Long.rotateRight(a, 7);
    a += word(s, length - 16);
    long wFirst = a + z;
    long wSecond = b + Long.rotateRight(a, 31) + c;
    long r = mixed((vFirst + wSecond) * K2 + (wFirst + vSecond) * K0);
    return mixed(r * K0 + vSecond) * K2;
  }

  private static Pair weak(byte[] s, int at, long seedA, long seedB) {
    long a = seedA + word(s, at);
    long z = word(s, at + 24);
    long b = Long.rotateRight(seedB + a + z, 21);
    long c = a;
    a += word(s, at + 8);
    a += word(s, at + 16);
    b += Long.rotateRight(a, 44);
    return new Pair(a + z, b + c);
  }

  private static long longer(byte[] s) {
    int length = s.length;
    long x = word(s, 0);
    long y = word(s, length - 16) ^ K1;
    long z = word(s, length - 56) ^ K0;
    Pair v = weak(s, length - 64, length, y);
    Pair w = weak(s, length - 32, length * K1, K0);
    z += mixed(v.second()) * K1;
    x = Long.rotateRight(z + x, 39) * K1;
    y = Long.rotateRight(y, 33) * K1;
    int end = (length - 1) & ~63;
    for (int at = 0; at < end; at += 64) {
      x = Long.rotateRight(x + y + v.first() + word(s, at + 16), 37) * K1;
      y = Long.rotateRight(y + v.second() + word(s, at + 48), 42) * K1;
      x ^= w.second();
      y ^= v.first();
      z = Long.rotateRight(z ^ w.first(), 33);
      v = weak(s, at, v.second() * K1, x + w.first());
      w = weak(s, at + 32, z + w.second(), y);
      long swap = z;
      z = x;
      x = swap;
    }
    return join(join(v.first(), w.first()) + mixed(y) * K1 + z, join(v.second(), w.second()) + x);
  }
}
