// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.misc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// MetroHash64 in its first variant, with a seed of zero.
final class MetroHash {
  private static final long K0 = 0xC83A91E1L;
  private static final long K1 = 0x8648DBDBL;
  private static final long K2 = 0x7BDEC03BL;
  private static final long K3 = 0x2F5870A5L;

  private MetroHash() {}

  static long hash(byte[] bytes) {
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long hash = K2 * K0 + bytes.length;
    if (bytes.length >= 32) {
      hash += blocks(words, hash);
    }
    if (words.remaining() >= 16) {
      long a = Long.rotateRight(hash + words.getLong() * K0, 33) * K1;
      long b = Long.rotateRight(hash + words.getLong() * K1, 33) * K2;
      a ^= Long.rotateRight(a * K0, 35) + b;
      b ^= Long.rotateRight(b * K3, 35) + a;
      hash += b;
    }
    if (words.remaining() >= 8) {
      hash = taken(hash, words.getLong(), 33);
    }
    if (words.remaining() >= 4) {
      hash = taken(hash, words.getInt() & 0xFFFFFFFFL, 15);
    }
    if (words.remaining() >= 2) {
      hash = taken(hash, words.getShort() & 0xFFFFL, 13);
    }
    if (words.hasRemaining()) {
      hash = taken(hash, words.get() & 0xFFL, 25);
    }
    hash ^= Long.rotateRight(hash, 33);
    hash *= K0;
    return hash ^ Long.rotateRight(hash, 33);
  }

  private static long taken(long hash, long value, int bits) {
    long next = hash + value * K3;
    return next ^ Long.rotateRight(next, bits) * K1;
  }

  private static long blocks(ByteBuffer words, long seed) {
    long a = seed;
    long b = seed;
    long c = seed;
    long d = seed;
    while (words.remaining() >= 32) {
      a = Long.rotateRight(a + words.getLong() * K0, 29) + c;
      b = Long.rotateRight(b + words.getLong() * K1, 29) + d;
      c = Long.rotateRight(c + words.getLong() * K2, 29) + a;
      d = Long.rotateRight(d + words.getLong() * K3, 29) + b;
    }
    c ^= Long.rotateRight((a + d) * K0 + b, 33) * K1;
    d ^= Long.rotateRight((b + c) * K1 + a, 33) * K0;
    a ^= Long.rotateRight((a + c) * K0 + d, 33) * K1;
    b ^= Long.rotateRight((b + d) * K1 + c, 33) * K0;
    return a ^ b;
  }
}
