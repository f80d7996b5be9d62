// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;

/// Reads what [StateWriter] wrote. Bytes that are no state of the function end in an error that
/// names it: states come from users too, by INSERT.
public final class StateReader {
  private final String function;
  private final MemorySegment bytes;
  private long at;

  public StateReader(String function, MemorySegment bytes, int version) {
    this.function = function;
    this.bytes = bytes;
    int found = readByte();
    if (found != version) {
      throw bad("expected form " + version + ", found " + found);
    }
  }

  /// Reads bytes without a version, as parts of a state have them.
  StateReader(String function, MemorySegment bytes) {
    this.function = function;
    this.bytes = bytes;
  }

  /// A reader of a part of this state.
  StateReader inside(byte[] part) {
    return new StateReader(function, MemorySegment.ofArray(part));
  }

  public int readByte() {
    return bytes.get(JAVA_BYTE, take(1)) & 0xFF;
  }

  public long readVarint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = readByte();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw bad("a number without end");
  }

  /// A number of things that follow, each of at least one byte.
  public int readCount() {
    long count = readVarint();
    if (count < 0 || count > bytes.byteSize() - at) {
      throw bad("a count of " + count + " with " + (bytes.byteSize() - at) + " bytes left");
    }
    return (int) count;
  }

  public long readLong() {
    return bytes.get(Vector.I64, take(8));
  }

  public double readDouble() {
    return Double.longBitsToDouble(readLong());
  }

  public byte[] readBytes(int length) {
    return bytes.asSlice(take(length), length).toArray(JAVA_BYTE);
  }

  public byte[] readBlob() {
    return readBytes(readCount());
  }

  public void end() {
    if (at != bytes.byteSize()) {
      throw bad((bytes.byteSize() - at) + " bytes too many");
    }
  }

  private long take(int length) {
    long from = at;
    if (length < 0 || length > bytes.byteSize() - from) {
      throw bad("it ends after " + bytes.byteSize() + " bytes");
    }
    at += length;
    return from;
  }

  public VarveException bad(String what) {
    return new VarveException(
        ErrorCode.INCORRECT_DATA,
        "not a state of " + function + ": " + what + " (byte " + at + ")");
  }
}
