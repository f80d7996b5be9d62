// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// FixedString, UUID and IPv6: as many bytes for each value.
///
/// The text of a FixedString ends before the zero bytes that fill it up; its bytes keep them.
final class FixedColumn extends WireColumn {
  private final int width;

  FixedColumn(SqlType type, ByteBuffer bytes, int validity, int values) {
    super(type, bytes, validity, values);
    this.width = type.width();
  }

  @Override
  public byte[] getBytes(int row) {
    return copy(values + row * width, width);
  }

  @Override
  Object value(int row) {
    byte[] raw = getBytes(row);
    switch (type().kind()) {
      case UUID:
        ByteBuffer halves = ByteBuffer.wrap(raw);
        return new UUID(halves.getLong(), halves.getLong());
      case IPV6:
        return IpText.v6(raw);
      default:
        int length = width;
        while (length > 0 && raw[length - 1] == 0) {
          length--;
        }
        return new String(raw, 0, length, StandardCharsets.UTF_8);
    }
  }
}
