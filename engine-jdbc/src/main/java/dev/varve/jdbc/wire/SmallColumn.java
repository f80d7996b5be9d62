// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.nio.ByteBuffer;

/// Bool, Enum8, Enum16, IPv4 and the type of a bare NULL: a small number that means something else.
final class SmallColumn extends WireColumn {
  private final Kind kind;

  SmallColumn(SqlType type, ByteBuffer bytes, int validity, int values) {
    super(type, bytes, validity, values);
    this.kind = type.kind();
  }

  @Override
  public boolean isLong() {
    return kind == Kind.BOOL;
  }

  @Override
  public long getLong(int row) {
    return bytes.get(values + row) == 0 ? 0 : 1;
  }

  @Override
  Object value(int row) {
    switch (kind) {
      case BOOL:
        return bytes.get(values + row) != 0;
      case ENUM8:
        return label(bytes.get(values + row));
      case ENUM16:
        return label(bytes.getShort(values + row * 2));
      case IPV4:
        return IpText.v4(bytes.getInt(values + row * 4));
      default:
        return null;
    }
  }

  private String label(int number) {
    String label = type().labels().get(number);
    return label == null ? Integer.toString(number) : label;
  }
}
