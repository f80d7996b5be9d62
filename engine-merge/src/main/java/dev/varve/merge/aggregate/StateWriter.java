// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import java.util.Arrays;

/// Bytes of a serialized state, little-endian. Counts and lengths are varints: seven bits a byte,
/// lowest first.
public final class StateWriter {
  private byte[] bytes;
  private int size;

  /// @param version version of the state's form, its first byte
  public StateWriter(int version) {
    bytes = new byte[32];
    putByte(version);
  }

  /// Bytes without a version, for parts of a state.
  public StateWriter() {
    bytes = new byte[32];
  }

  public void putByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  public void putVarint(long value) {
    long left = value;
    while ((left & ~0x7FL) != 0) {
      putByte((int) (left & 0x7F | 0x80));
      left >>>= 7;
    }
    putByte((int) left);
  }

  public void putLong(long value) {
    reserve(8);
    for (int i = 0; i < 8; i++) {
      bytes[size++] = (byte) (value >>> (8 * i));
    }
  }

  public void putDouble(double value) {
    putLong(Double.doubleToRawLongBits(value));
  }

  public void putBytes(byte[] value) {
    reserve(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
  }

  public void putBlob(byte[] value) {
    putVarint(value.length);
    putBytes(value);
  }

  private void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  public byte[] bytes() {
    return Arrays.copyOf(bytes, size);
  }
}
