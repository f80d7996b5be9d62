// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.skip;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The hash of filters and its places in them. Part of the format: it never changes.
///
/// Eight bytes at a time, then one by one: `h = (h ^ word) * M; h ^= h >>> 32`, begun with the seed
/// and the length. Place `i` of a hash is `h + i * (h >>> 17 | 1)` modulo the bits of the filter,
/// all unsigned.
public final class SkipHash {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MULTIPLIER = 0x9FB21C651E98DF25L;

  private SkipHash() {}

  public static long of(byte[] bytes, int from, int to, long seed) {
    long hash = seed * MULTIPLIER + (to - from);
    int at = from;
    for (; at + 8 <= to; at += 8) {
      hash = (hash ^ (long) WORD.get(bytes, at)) * MULTIPLIER;
      hash ^= hash >>> 32;
    }
    for (; at < to; at++) {
      hash = (hash ^ bytes[at] & 0xFF) * MULTIPLIER;
      hash ^= hash >>> 32;
    }
    hash *= MULTIPLIER;
    return hash ^ hash >>> 29;
  }

  static void add(byte[] filter, int hashes, long hash) {
    long bits = (long) filter.length << 3;
    long step = hash >>> 17 | 1;
    for (int i = 0; i < hashes; i++) {
      long bit = Long.remainderUnsigned(hash + i * step, bits);
      filter[(int) (bit >>> 3)] |= (byte) (1 << (bit & 7));
    }
  }

  static boolean mayHold(byte[] filter, int hashes, long hash) {
    long bits = (long) filter.length << 3;
    long step = hash >>> 17 | 1;
    for (int i = 0; i < hashes; i++) {
      long bit = Long.remainderUnsigned(hash + i * step, bits);
      if ((filter[(int) (bit >>> 3)] & 1 << (bit & 7)) == 0) {
        return false;
      }
    }
    return true;
  }
}
