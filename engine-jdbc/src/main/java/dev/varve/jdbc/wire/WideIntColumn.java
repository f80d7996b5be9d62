// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/// UInt64, integers of 128 and 256 bits, and decimals: two's complement of 8, 16 or 32 bytes, least
/// significant byte first.
final class WideIntColumn extends WireColumn {
  private final int width;
  private final boolean unsigned;
  private final boolean decimal;

  WideIntColumn(SqlType type, ByteBuffer bytes, int validity, int values) {
    super(type, bytes, validity, values);
    this.width = type.width();
    this.unsigned = type.kind().isUnsigned();
    this.decimal = type.kind() == Kind.DECIMAL;
  }

  private BigInteger integer(int row) {
    int at = values + row * width;
    if (width == 8) {
      long value = bytes.getLong(at);
      BigInteger signed = BigInteger.valueOf(value);
      return unsigned && value < 0 ? signed.add(BigInteger.ONE.shiftLeft(64)) : signed;
    }
    byte[] bigEndian = new byte[width];
    for (int i = 0; i < width; i++) {
      bigEndian[i] = bytes.get(at + width - 1 - i);
    }
    return unsigned ? new BigInteger(1, bigEndian) : new BigInteger(bigEndian);
  }

  @Override
  Object value(int row) {
    if (!decimal) {
      return integer(row);
    }
    int scale = type().scale();
    return width == 8
        ? BigDecimal.valueOf(bytes.getLong(values + row * 8), scale)
        : new BigDecimal(integer(row), scale);
  }
}
