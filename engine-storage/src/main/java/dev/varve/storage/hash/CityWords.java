// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// What the CityHash functions have in common: their constants, and how they mix words.
final class CityWords {
  static final long K0 = 0xc3a5c85c97cb3127L;
  static final long K1 = 0xb492b66fbe98f273L;
  static final long K2 = 0x9ae16a3b2f90404fL;
  static final long K3 = 0xc949d7c7509e6557L;
  private static final long MULTIPLIER = 0x9ddfea08eb382d69L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private CityWords() {}

  static long word(byte[] s, int at) {
    return (long) LONGS.get(s, at);
  }

  static long half(byte[] s, int at) {
    return (int) INTS.get(s, at) & 0xFFFFFFFFL;
  }

  static long mixed(long value) {
    return value ^ value >>> 47;
  }

  static long join(long u, long v) {
    long a = mixed((u ^ v) * MULTIPLIER);
    return mixed((v ^ a) * MULTIPLIER) * MULTIPLIER;
  }

  static long upTo16(byte[] s, int at, int length) {
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

  /// The first of the two words that a weak round over 32 bytes gives.
  static long weakFirst(byte[] s, int at, long seed) {
    return seed + word(s, at) + word(s, at + 8) + word(s, at + 16) + word(s, at + 24);
  }

  /// The second one.
  static long weakSecond(byte[] s, int at, long seedA, long seedB) {
    long a = seedA + word(s, at);
    long b = Long.rotateRight(seedB + a + word(s, at + 24), 21);
    return b + Long.rotateRight(a + word(s, at + 8) + word(s, at + 16), 44) + a;
  }
}
