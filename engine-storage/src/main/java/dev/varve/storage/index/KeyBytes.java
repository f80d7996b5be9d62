// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.index;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A growing run of bytes that keys are written to, most significant byte first.
final class KeyBytes {
  static final VarHandle BIG_ENDIAN =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes;
  private int length;

  KeyBytes(int capacity) {
    bytes = new byte[Math.max(16, capacity)];
  }

  int length() {
    return length;
  }

  void reset() {
    length = 0;
  }

  byte[] copy() {
    return Arrays.copyOf(bytes, length);
  }

  /// The bytes themselves; those behind [#length] mean nothing.
  byte[] array() {
    return bytes;
  }

  /// The first eight bytes as an unsigned number, zeros behind a shorter key.
  long prefix() {
    reserve(8);
    long prefix = (long) BIG_ENDIAN.get(bytes, 0);
    return length >= 8 ? prefix : length == 0 ? 0 : prefix & -1L << (64 - 8 * length);
  }

  void put(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
  }

  /// The lowest `width` bytes of a value.
  void putLong(long value, int width) {
    reserve(8);
    BIG_ENDIAN.set(bytes, length, value << (64 - 8 * width));
    length += width;
  }

  void putRaw(MemorySegment from, long at, int count) {
    reserve(count);
    MemorySegment.copy(from, JAVA_BYTE, at, bytes, length, count);
    length += count;
  }

  /// Bytes of any length, so that a shorter one comes before a longer one it begins: a zero byte is
  /// written as `00 FF`, the end as `00 00`.
  void putEscaped(MemorySegment from, long at, int count) {
    reserve(count + 10);
    int i = 0;
    for (; i + 8 <= count; i += 8) {
      long word = from.get(I64, at + i);
      if (((word - 0x0101010101010101L) & ~word & 0x8080808080808080L) != 0) {
        break;
      }
      BIG_ENDIAN.set(bytes, length, Long.reverseBytes(word));
      length += 8;
    }
    for (; i < count; i++) {
      byte b = from.get(JAVA_BYTE, at + i);
      reserve(2);
      bytes[length++] = b;
      if (b == 0) {
        bytes[length++] = (byte) 0xFF;
      }
    }
    reserve(2);
    bytes[length++] = 0;
    bytes[length++] = 0;
  }

  /// Turns the order of everything written since `from` round.
  void invert(int from) {
    for (int i = from; i < length; i++) {
      bytes[i] = (byte) ~bytes[i];
    }
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      int wanted = Math.addExact(length, more);
      int doubled = (int) Math.min(Integer.MAX_VALUE - 16L, bytes.length * 2L);
      bytes = Arrays.copyOf(bytes, Math.max(wanted, doubled));
    }
  }
}
