// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A growing run of bytes that writers append to and hand on in large pieces.
public final class ByteSink {
  private byte[] bytes;
  private int size;

  public ByteSink() {
    this(1 << 16);
  }

  /// @param capacity bytes that it has room for at first
  ByteSink(int capacity) {
    bytes = new byte[capacity];
  }

  public int size() {
    return size;
  }

  /// The bytes so far; only the first [#size()] count. Not a copy.
  public byte[] array() {
    return bytes;
  }

  public void clear() {
    size = 0;
  }

  /// The bytes so far, read as UTF-8.
  String text() {
    return new String(bytes, 0, size, StandardCharsets.UTF_8);
  }

  /// Drops what was appended after the first `length` bytes.
  void truncate(int length) {
    size = length;
  }

  public ByteSink put(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
    return this;
  }

  public ByteSink put(byte[] source) {
    return put(source, 0, source.length);
  }

  public ByteSink put(byte[] source, int from, int length) {
    reserve(length);
    System.arraycopy(source, from, bytes, size, length);
    size += length;
    return this;
  }

  public ByteSink put(MemorySegment source) {
    int length = (int) source.byteSize();
    reserve(length);
    MemorySegment.copy(source, JAVA_BYTE, 0, bytes, size, length);
    size += length;
    return this;
  }

  public ByteSink put(String text) {
    int length = text.length();
    reserve(length);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return put(text.substring(i).getBytes(StandardCharsets.UTF_8));
      }
      bytes[size++] = (byte) c;
    }
    return this;
  }

  /// A number in decimal digits.
  public ByteSink putNumber(long value) {
    if (value == Long.MIN_VALUE) {
      return put("-9223372036854775808");
    }
    reserve(20);
    if (value < 0) {
      bytes[size++] = '-';
      value = -value;
    }
    int digits = 1;
    for (long rest = value / 10; rest != 0; rest /= 10) {
      digits++;
    }
    int at = size + digits;
    size = at;
    do {
      bytes[--at] = (byte) ('0' + value % 10);
      value /= 10;
    } while (value != 0);
    return this;
  }

  /// A number padded with zeros to a width, as in dates.
  public ByteSink putPadded(int value, int width) {
    reserve(width);
    int at = size + width;
    size = at;
    for (int i = 0; i < width; i++) {
      bytes[--at] = (byte) ('0' + value % 10);
      value /= 10;
    }
    return this;
  }

  /// The lowest `count` bytes of a number, little-endian.
  public ByteSink putLittleEndian(long value, int count) {
    reserve(count);
    for (int i = 0; i < count; i++) {
      bytes[size++] = (byte) (value >>> (8 * i));
    }
    return this;
  }

  /// LEB128, as RowBinary counts with.
  public ByteSink putVarint(long value) {
    while ((value & ~0x7FL) != 0) {
      put((int) (value & 0x7F | 0x80));
      value >>>= 7;
    }
    return put((int) value);
  }

  public void drainTo(OutputStream out) throws IOException {
    out.write(bytes, 0, size);
    size = 0;
  }

  private void reserve(int more) {
    if (size + more > bytes.length) {
      if (size + more < 0) {
        throw new IllegalArgumentException("a row of output larger than 2 GiB");
      }
      bytes =
          Arrays.copyOf(
              bytes,
              Math.max(size + more, (int) Math.min(Integer.MAX_VALUE - 8L, bytes.length * 2L)));
    }
  }
}
