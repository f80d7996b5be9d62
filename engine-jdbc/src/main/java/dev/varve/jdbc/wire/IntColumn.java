// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.nio.ByteBuffer;

/// Integers that fit a `long`: all but UInt64 and those of 128 and 256 bits.
final class IntColumn extends WireColumn {
  private final Kind kind;

  IntColumn(SqlType type, ByteBuffer bytes, int validity, int values) {
    super(type, bytes, validity, values);
    this.kind = type.kind();
  }

  @Override
  public boolean isLong() {
    return true;
  }

  @Override
  public long getLong(int row) {
    switch (kind) {
      case INT8:
        return bytes.get(values + row);
      case UINT8:
        return bytes.get(values + row) & 0xFF;
      case INT16:
        return bytes.getShort(values + row * 2);
      case UINT16:
        return bytes.getShort(values + row * 2) & 0xFFFF;
      case INT32:
        return bytes.getInt(values + row * 4);
      case UINT32:
        return bytes.getInt(values + row * 4) & 0xFFFFFFFFL;
      default:
        return bytes.getLong(values + row * 8);
    }
  }

  @Override
  public boolean isDouble() {
    return true;
  }

  @Override
  public double getDouble(int row) {
    return getLong(row);
  }

  @Override
  Object value(int row) {
    long value = getLong(row);
    if (kind == Kind.INT64 || kind == Kind.UINT32) {
      return value;
    }
    return (int) value;
  }
}
