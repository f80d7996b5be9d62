// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.nio.ByteBuffer;

/// Float32 and Float64.
final class FloatColumn extends WireColumn {
  private final boolean single;

  FloatColumn(SqlType type, ByteBuffer bytes, int validity, int values) {
    super(type, bytes, validity, values);
    this.single = type.kind() == Kind.FLOAT32;
  }

  @Override
  public boolean isDouble() {
    return true;
  }

  @Override
  public double getDouble(int row) {
    return single ? bytes.getFloat(values + row * 4) : bytes.getDouble(values + row * 8);
  }

  @Override
  Object value(int row) {
    if (single) {
      return bytes.getFloat(values + row * 4);
    }
    return getDouble(row);
  }
}
