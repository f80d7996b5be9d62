// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Off-heap bytes under construction, little-endian. Grows in a scratch that the maker resets when
/// the bytes have been used.
public final class ByteSink {
  private final Scratch scratch;
  private MemorySegment bytes;
  private long position;

  public ByteSink(Scratch scratch, long capacity) {
    this.scratch = scratch;
    this.bytes = scratch.allocate(capacity);
  }

  public long position() {
    return position;
  }

  /// All bytes so far. A later write may move them.
  public MemorySegment written() {
    return bytes.asSlice(0, position);
  }

  /// The bytes to write into directly, after [#reserve].
  MemorySegment target() {
    return bytes;
  }

  /// Makes room and returns where it begins; the bytes there are undefined.
  long reserve(long count) {
    if (position + count > bytes.byteSize()) {
      MemorySegment larger = scratch.allocate(Math.max(position + count, 2 * bytes.byteSize()));
      MemorySegment.copy(bytes, 0, larger, 0, position);
      bytes = larger;
    }
    long at = position;
    position += count;
    return at;
  }

  void putByte(int value) {
    long at = reserve(1);
    bytes.set(JAVA_BYTE, at, (byte) value);
  }

  void putShort(int value) {
    long at = reserve(2);
    bytes.set(Vector.I16, at, (short) value);
  }

  void putInt(int value) {
    long at = reserve(4);
    bytes.set(Vector.I32, at, value);
  }

  void putLong(long value) {
    long at = reserve(8);
    bytes.set(Vector.I64, at, value);
  }

  void put(MemorySegment from, long start, long count) {
    long at = reserve(count);
    MemorySegment.copy(from, start, bytes, at, count);
  }

  /// Overwrites four bytes written before.
  void setInt(long at, int value) {
    bytes.set(Vector.I32, at, value);
  }

  /// Overwrites eight bytes that were reserved.
  void setLong(long at, long value) {
    bytes.set(Vector.I64, at, value);
  }

  /// Zeros up to the next multiple of eight.
  public void align() {
    int more = (int) (-position & 7);
    long at = reserve(more);
    for (int i = 0; i < more; i++) {
      bytes.set(JAVA_BYTE, at + i, (byte) 0);
    }
  }
}
