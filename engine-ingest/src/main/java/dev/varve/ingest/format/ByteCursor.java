// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.format;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;

/// Reads a record's bytes from left to right and never beyond its end. One thread.
final class ByteCursor {
  byte[] bytes;
  int at;
  int end;

  void open(byte[] source, int from, int to) {
    bytes = source;
    at = from;
    end = to;
  }

  int left() {
    return end - at;
  }

  /// Takes so many bytes; returns where they begin.
  int take(long count) {
    if (count < 0 || count > left()) {
      throw ends();
    }
    int from = at;
    at += (int) count;
    return from;
  }

  byte next() {
    return bytes[take(1)];
  }

  /// Seven bits a byte, the lowest first.
  long varint() {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      byte b = next();
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw malformed("a number does not end after ten bytes");
  }

  /// A number whose sign stands in the lowest bit.
  long zigzag() {
    long raw = varint();
    return raw >>> 1 ^ -(raw & 1);
  }

  int fixed32() {
    return (int) littleEndian(4);
  }

  long fixed64() {
    return littleEndian(8);
  }

  private long littleEndian(int width) {
    int from = take(width);
    long value = 0;
    for (int i = 0; i < width; i++) {
      value |= (bytes[from + i] & 0xFFL) << 8 * i;
    }
    return value;
  }

  private static VarveException ends() {
    return malformed("the record ends in the middle of it");
  }

  static VarveException malformed(String message) {
    return new VarveException(ErrorCode.INCORRECT_DATA, message);
  }
}
