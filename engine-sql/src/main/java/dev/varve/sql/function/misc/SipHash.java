// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.misc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// SipHash-2-4 with a key of zeros, of 64 bits, or of 128 by ClickHouse's finish.
final class SipHash {
  private long v0 = 0x736f6d6570736575L;
  private long v1 = 0x646f72616e646f6dL;
  private long v2 = 0x6c7967656e657261L;
  private long v3 = 0x7465646279746573L;

  private SipHash() {}

  static long hash(byte[] bytes) {
    SipHash state = finished(bytes);
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
  }

  static byte[] hash128(byte[] bytes) {
    SipHash state = finished(bytes);
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(state.v0 ^ state.v1)
        .putLong(state.v2 ^ state.v3)
        .array();
  }

  private static SipHash finished(byte[] bytes) {
    SipHash state = new SipHash();
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (words.remaining() >= 8) {
      state.take(words.getLong());
    }
    long last = (long) bytes.length << 56;
    for (int shift = 0; words.hasRemaining(); shift += 8) {
      last |= (words.get() & 0xFFL) << shift;
    }
    state.take(last);
    state.v2 ^= 0xFF;
    for (int i = 0; i < 4; i++) {
      state.round();
    }
    return state;
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
