// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.hash;

import static dev.varve.storage.hash.CityWords.K0;
import static dev.varve.storage.hash.CityWords.K1;
import static dev.varve.storage.hash.CityWords.K3;
import static dev.varve.storage.hash.CityWords.join;
import static dev.varve.storage.hash.CityWords.mixed;
import static dev.varve.storage.hash.CityWords.upTo16;
import static dev.varve.storage.hash.CityWords.weakFirst;
import static dev.varve.storage.hash.CityWords.weakSecond;
import static dev.varve.storage.hash.CityWords.word;

/// CityHash128 in its version 1.0.2, the checksum of compressed blocks: later versions give other
/// values. Used by one thread; the value last computed stands in [#low] and [#high].
public final class CityHash128 {
  private long low;
  private long high;

  public long low() {
    return low;
  }

  public long high() {
    return high;
  }

  /// Computes the value of `s[at, at + length)`.
  public void hash(byte[] s, int at, int length) {
    if (length >= 16) {
      seeded(s, at + 16, length - 16, word(s, at) ^ K3, word(s, at + 8));
    } else if (length >= 8) {
      seeded(s, at, 0, word(s, at) ^ length * K0, word(s, at + length - 8) ^ K1);
    } else {
      seeded(s, at, length, K0, K1);
    }
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
        long seed = v2 * K1;
        v1 = weakFirst(s, at, seed);
        v2 = weakSecond(s, at, seed, x + w1);
        seed = z + w2;
        w1 = weakFirst(s, at + 32, seed);
        w2 = weakSecond(s, at + 32, seed, y);
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
      v2 = weakSecond(s, at + left - done, v1, v2);
      v1 = weakFirst(s, at + left - done, v1);
    }
    x = join(x, v1);
    y = join(y, w1);
    low = join(x + v2, w2) + y;
    high = join(x + w2, y + v2);
  }
}
