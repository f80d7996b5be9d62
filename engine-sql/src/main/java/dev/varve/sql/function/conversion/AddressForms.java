// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.conversion;

import dev.varve.sql.expression.Kernel;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.math.BigInteger;
import java.util.Arrays;

/// Between addresses of four and of sixteen bytes, and the numbers of 128 bits that the latter are.
/// An address of four bytes is the one of sixteen that `::ffff:0:0/96` holds for it.
final class AddressForms {
  private static final int BYTES = 16;
  private static final int FOUR = 12;
  private static final int BYTE_MASK = 0xFF;

  private AddressForms() {}

  private interface Step {
    void append(Vector from, int row, VectorBuilder to);
  }

  static Kernel between(DataType from, DataType to, Overflow overflow) {
    if (from instanceof DataType.Ipv4 && to instanceof DataType.Ipv6) {
      return rows(to, (v, row, out) -> out.appendBytes(mapped(v.getLong(row))));
    }
    if (from instanceof DataType.Ipv6 && to instanceof DataType.Ipv4) {
      return rows(to, (v, row, out) -> four(v.getBytes(row), to, overflow, out));
    }
    if (from instanceof DataType.Ipv6 && isWide(to)) {
      return rows(to, (v, row, out) -> out.appendInteger(new BigInteger(1, v.getBytes(row))));
    }
    if (isWide(from) && to instanceof DataType.Ipv6) {
      return rows(to, (v, row, out) -> out.appendBytes(sixteen(v.getInteger(row))));
    }
    return null;
  }

  private static boolean isWide(DataType type) {
    return type instanceof DataType.Int(int bits, boolean signed) && bits == 128 && !signed;
  }

  private static Kernel rows(DataType to, Step step) {
    return (v, rows, scratch) -> {
      Vector from = v.getFirst();
      VectorBuilder out = new VectorBuilder(to, scratch);
      for (int i = 0; i < rows; i++) {
        if (from.isNull(i)) {
          out.appendDefault();
        } else {
          step.append(from, i, out);
        }
      }
      return out.build();
    };
  }

  private static byte[] mapped(long address) {
    byte[] bytes = new byte[BYTES];
    bytes[10] = (byte) BYTE_MASK;
    bytes[11] = (byte) BYTE_MASK;
    for (int i = 0; i < 4; i++) {
      bytes[FOUR + i] = (byte) (address >>> (24 - 8 * i));
    }
    return bytes;
  }

  private static void four(byte[] bytes, DataType to, Overflow overflow, VectorBuilder out) {
    if (Arrays.equals(bytes, 0, FOUR, mapped(0), 0, FOUR)) {
      long address = 0;
      for (int i = FOUR; i < BYTES; i++) {
        address = address << 8 | (bytes[i] & BYTE_MASK);
      }
      out.appendLong(address);
    } else if (overflow == Overflow.NULL) {
      out.appendNull();
    } else if (overflow == Overflow.DEFAULT) {
      out.appendDefault();
    } else {
      throw new VarveException(
          ErrorCode.CANNOT_CONVERT_TYPE,
          "cannot convert an IPv6 address that is none of IPv4 to "
              + to.name()
              + "; accurateCastOrNull gives NULL instead");
    }
  }

  private static byte[] sixteen(BigInteger number) {
    byte[] signed = number.toByteArray();
    byte[] bytes = new byte[BYTES];
    int length = Math.min(BYTES, signed.length);
    System.arraycopy(signed, signed.length - length, bytes, BYTES - length, length);
    return bytes;
  }
}
