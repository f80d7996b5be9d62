// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format.tagged;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.math.BigInteger;

/// Numbers as they lie in columns, which both formats write as they are: decimals without their
/// point, moments in their ticks. Those that fit no 64 bits are bytes, the lowest first.
final class StoredNumbers {
  private StoredNumbers() {}

  /// Bytes of a type whose numbers do not fit 64 bits, or 0.
  static int wideBytes(DataType type) {
    return switch (type) {
      case DataType.Int(int bits, boolean _) when bits > 64 -> bits / 8;
      case DataType.Decimal(int precision, int _) when precision > 38 -> 32;
      case DataType.Decimal(int precision, int _) when precision > 18 -> 16;
      default -> 0;
    };
  }

  static byte[] bytes(Vector base, int at, int count) {
    byte[] bigEndian = base.getInteger(at).toByteArray();
    byte[] bytes = new byte[count];
    byte fill = (byte) (bigEndian[0] < 0 ? -1 : 0);
    for (int i = 0; i < count; i++) {
      int from = bigEndian.length - 1 - i;
      bytes[i] = from >= 0 ? bigEndian[from] : fill;
    }
    return bytes;
  }

  /// The number that these bytes are, for a column of the type.
  static BigInteger number(byte[] bytes, DataType type) {
    byte[] bigEndian = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      bigEndian[i] = bytes[bytes.length - 1 - i];
    }
    boolean unsigned = type instanceof DataType.Int(int _, boolean signed) && !signed;
    return unsigned ? new BigInteger(1, bigEndian) : new BigInteger(bigEndian);
  }

  /// Whether a whole number is taken as it is stored, rather than by what it means.
  static boolean takesStored(DataType type) {
    return type instanceof DataType.Decimal
        || type instanceof DataType.DateTime64
        || type instanceof DataType.Time64
        || type instanceof DataType.Ipv4;
  }

  /// Appends a number as it is stored.
  static void append(VectorBuilder to, long value) {
    if (to.type().unwrapped() instanceof DataType.Decimal) {
      to.appendInteger(BigInteger.valueOf(value));
    } else {
      to.appendLong(value);
    }
  }
}
