// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.misc;

import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// FarmHash64 as its `xo` variant computes it: the `na` variant up to 32 bytes and from 97 to 256,
/// `uo` above, and steps of its own between.
final class FarmHash {
  private static final long K1 = 0xb492b66fbe98f273L;
  private static final long K2 = 0x9ae16a3b2f90404fL;

  private FarmHash() {}

  static long hash(byte[] bytes) {
    int length = bytes.length;
    if (length <= 32 || length > 96 && length <= 256) {
      return Hashing.farmHashNa().hashBytesToLong(bytes);
    }
    if (length > 256) {
      return Hashing.farmHashUo().hashBytesToLong(bytes);
    }
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (length <= 64) {
      long factor = K2 - 30 + 2L * length;
      long first = part(words, 0, K2 - 30, 0, 0);
      long last = part(words, length - 32, factor, 0, 0);
      return (last * factor + first) * factor;
    }
    long factor = K2 - 114 + 2L * length;
    long first = part(words, 0, K2 - 114, 0, 0);
    long second = part(words, 32, factor, 0, 0);
    long last = part(words, length - 32, factor, first, second);
    return (last * 9 + (first >>> 17) + (second >>> 21)) * factor;
  }

  /// The hash of 32 bytes.
  private static long part(ByteBuffer words, int at, long factor, long seed0, long seed1) {
    long a = words.getLong(at) * K1;
    long b = words.getLong(at + 8);
    long c = words.getLong(at + 24) * factor;
    long d = words.getLong(at + 16) * K2;
    long u = Long.rotateRight(a + b, 43) + Long.rotateRight(c, 30) + d + seed0;
    long v = a + Long.rotateRight(b + K2, 18) + c + seed1;
    long mixed = mixed((u ^ v) * factor);
    return mixed((v ^ mixed) * factor);
  }

  private static long mixed(long value) {
    return value ^ value >>> 47;
  }
}
