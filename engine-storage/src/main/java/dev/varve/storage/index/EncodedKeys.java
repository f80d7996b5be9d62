// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Normalised keys of many rows, one after another in one array.
public final class EncodedKeys {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MULTIPLIER = 0xD6E8FEB86659FD93L;

  private final byte[] bytes;
  private final int[] offsets;

  EncodedKeys(byte[] bytes, int[] offsets) {
    this.bytes = bytes;
    this.offsets = offsets;
  }

  public int rows() {
    return offsets.length - 1;
  }

  /// Order of two rows of these keys.
  public int compare(int a, int b) {
    return Arrays.compareUnsigned(
        bytes, offsets[a], offsets[a + 1], bytes, offsets[b], offsets[b + 1]);
  }

  /// Order of a row of these keys and a row of others.
  public int compare(int a, EncodedKeys other, int b) {
    return Arrays.compareUnsigned(
        bytes, offsets[a], offsets[a + 1], other.bytes, other.offsets[b], other.offsets[b + 1]);
  }

  /// Order of a row and a key on its own.
  public int compare(int a, byte[] key) {
    return Arrays.compareUnsigned(bytes, offsets[a], offsets[a + 1], key, 0, key.length);
  }

  /// How many bytes a row of these keys and a row of others share from their beginnings; -1 where
  /// the keys are the same.
  public int shared(int a, EncodedKeys other, int b) {
    return Arrays.mismatch(
        bytes, offsets[a], offsets[a + 1], other.bytes, other.offsets[b], other.offsets[b + 1]);
  }

  /// Eight bytes of a row's key, from a byte of it on, as a number, the most significant first;
  /// zeros stand for what lies behind the key.
  public long word(int row, int from) {
    int at = offsets[row] + from;
    int left = offsets[row + 1] - at;
    if (left >= 8) {
      return (long) KeyBytes.BIG_ENDIAN.get(bytes, at);
    }
    long word = 0;
    for (int i = 0; i < left; i++) {
      word |= (bytes[at + i] & 0xFFL) << 56 - 8 * i;
    }
    return word;
  }

  /// A hash of a row's key; equal keys have equal hashes.
  public long hash(int row) {
    int at = offsets[row];
    int end = offsets[row + 1];
    long hash = end - at;
    for (; at + 8 <= end; at += 8) {
      hash = (hash ^ (long) WORD.get(bytes, at)) * MULTIPLIER;
      hash ^= hash >>> 32;
    }
    for (; at < end; at++) {
      hash = (hash ^ bytes[at]) * MULTIPLIER;
    }
    return hash ^ hash >>> 29;
  }

  public byte[] key(int row) {
    return Arrays.copyOfRange(bytes, offsets[row], offsets[row + 1]);
  }

  /// The keys' bytes; row `i` is `[offset(i), offset(i + 1))`. Not to be changed.
  public byte[] bytes() {
    return bytes;
  }

  public int offset(int row) {
    return offsets[row];
  }
}
