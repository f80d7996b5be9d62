// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.misc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// MurmurHash2 of 32 and 64 bits.
final class Murmur {
  private static final int M32 = 0x5bd1e995;
  private static final long M64 = 0xc6a4a7935bd1e995L;

  private Murmur() {}

  static long hash64(byte[] bytes, long seed) {
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long hash = seed ^ bytes.length * M64;
    while (words.remaining() >= 8) {
      long k = words.getLong() * M64;
      k ^= k >>> 47;
      hash = (hash ^ k * M64) * M64;
    }
    if (words.hasRemaining()) {
      hash = (hash ^ rest(words)) * M64;
    }
    hash ^= hash >>> 47;
    hash *= M64;
    return hash ^ hash >>> 47;
  }

  static long hash32(byte[] bytes, int seed) {
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int hash = seed ^ bytes.length;
    while (words.remaining() >= 4) {
      int k = words.getInt() * M32;
      k ^= k >>> 24;
      hash = hash * M32 ^ k * M32;
    }
    if (words.hasRemaining()) {
      hash = (hash ^ (int) rest(words)) * M32;
    }
    hash ^= hash >>> 13;
    hash *= M32;
    return (hash ^ hash >>> 15) & 0xFFFFFFFFL;
  }

  private static long rest(ByteBuffer words) {
    long rest = 0;
    for (int shift = 0; words.hasRemaining(); shift += 8) {
      rest |= (words.get() & 0xFFL) << shift;
    }
    return rest;
  }
}
