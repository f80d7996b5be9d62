// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.hash;

import static dev.varve.storage.hash.CityWords.K0;
import static dev.varve.storage.hash.CityWords.K1;
import static dev.varve.storage.hash.CityWords.K2;
import static dev.varve.storage.hash.CityWords.K3;
import static dev.varve.storage.hash.CityWords.mixed;
import static dev.varve.storage.hash.CityWords.upTo16;
import static dev.varve.storage.hash.CityWords.weakFirst;
import static dev.varve.storage.hash.CityWords.weakSecond;
import static dev.varve.storage.hash.CityWords.word;

/// CityHash64 in its version 1.0.2, which ClickHouse keeps: later ones give other values.
public final class CityHash64 {
  private CityHash64() {}

  public static long hash(byte[] s) {
    int length = s.length;
    if (length <= 16) {
      return upTo16(s, 0, length);
    }
    if (length <= 32) {
      return upTo32(s);
    }
    return length <= 64 ? upTo64(s) : longer(s);
  }

  /// One word of two, as this function joins them.
  public static long join(long u, long v) {
    return CityWords.join(u, v);
  }

  private static long upTo32(byte[] s) {
    int length = s.length;
    long a = word(s, 0) * K1;
    long b = word(s, 8);
    long c = word(s, length - 8) * K2;
    long d = word(s, length - 16) * K0;
    return CityWords.join(
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

  private static long longer(byte[] s) {
    int length = s.length;
    long x = word(s, 0);
    long y = word(s, length - 16) ^ K1;
    long z = word(s, length - 56) ^ K0;
    long v1 = weakFirst(s, length - 64, length);
    long v2 = weakSecond(s, length - 64, length, y);
    long w1 = weakFirst(s, length - 32, length * K1);
    long w2 = weakSecond(s, length - 32, length * K1, K0);
    z += mixed(v2) * K1;
    x = Long.rotateRight(z + x, 39) * K1;
    y = Long.rotateRight(y, 33) * K1;
    int end = (length - 1) & ~63;
    for (int at = 0; at < end; at += 64) {
      x = Long.rotateRight(x + y + v1 + word(s, at + 16), 37) * K1;
      y = Long.rotateRight(y + v2 + word(s, at + 48), 42) * K1;
      x ^= w2;
      y ^= v1;
      z = Long.rotateRight(z ^ w1, 33);
      long seed = v2 * K1;
      v1 = weakFirst(s, at, seed);
      v2 = weakSecond(s, at, seed, x + w1);
      seed = z + w2;
      w1 = weakFirst(s, at + 32, seed);
      w2 = weakSecond(s, at + 32, seed, y);
      long swap = z;
      z = x;
      x = swap;
    }
    return CityWords.join(CityWords.join(v1, w1) + mixed(y) * K1 + z, CityWords.join(v2, w2) + x);
  }
}
