// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.misc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// SipHash-2-4 of 64 bits, or of 128 by ClickHouse's finish or by the reference's. Without a key it
/// is one of zeros.
final class SipHash {
  private long v0;
  private long v1;
  private long v2;
  private long v3;

  private SipHash(long k0, long k1) {
    v0 = 0x736f6d6570736575L ^ k0;
    v1 = 0x646f72616e646f6dL ^ k1;
    v2 = 0x6c7967656e657261L ^ k0;
    v3 = 0x7465646279746573L ^ k1;
  }

  static long hash(byte[] bytes) {
    return hash(bytes, 0, 0);
  }

  static long hash(byte[] bytes, long k0, long k1) {
    SipHash state = new SipHash(k0, k1);
    state.takeAll(bytes, 0xFF);
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
  }

  static byte[] hash128(byte[] bytes) {
    return hash128(bytes, 0, 0);
  }

  static byte[] hash128(byte[] bytes, long k0, long k1) {
    SipHash state = new SipHash(k0, k1);
    state.takeAll(bytes, 0xFF);
    return words(state.v0 ^ state.v1, state.v2 ^ state.v3);
  }

  /// The 128 bits of the algorithm's authors.
  static byte[] reference128(byte[] bytes, long k0, long k1) {
    SipHash state = new SipHash(k0, k1);
    state.v1 ^= 0xEE;
    state.takeAll(bytes, 0xEE);
    long low = state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
    state.v1 ^= 0xDD;
    state.finish();
    return words(low, state.v0 ^ state.v1 ^ state.v2 ^ state.v3);
  }

  private static byte[] words(long low, long high) {
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(low)
        .putLong(high)
        .array();
  }

  private void takeAll(byte[] bytes, int end) {
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (words.remaining() >= 8) {
      take(words.getLong());
    }
    long last = (long) bytes.length << 56;
    for (int shift = 0; words.hasRemaining(); shift += 8) {
      last |= (words.get() & 0xFFL) << shift;
    }
    take(last);
    v2 ^= end;
    finish();
  }

  private void finish() {
    for (int i = 0; i < 4; i++) {
      round();
    }
  }

  private void take(long word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }

  private void round() {
    v0 += v1;
    v1 = Long.rotateLeft(v1, 13) ^ v0;
    v0 = Long.rotateLeft(v0, 32);
    v2 += v3;
    v3 = Long.rotateLeft(v3, 16) ^ v2;
    v0 += v3;
    v3 = Long.rotateLeft(v3, 21) ^ v0;
    v2 += v1;
    v1 = Long.rotateLeft(v1, 17) ^ v2;
    v2 = Long.rotateLeft(v2, 32);
  }
}
