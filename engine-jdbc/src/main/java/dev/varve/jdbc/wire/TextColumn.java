// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Byte strings of any length: String and aggregate states. The offsets stand at `values`.
final class TextColumn extends WireColumn {
  private final int data;

  TextColumn(SqlType type, ByteBuffer bytes, int validity, int offsets, int data) {
    super(type, bytes, validity, offsets);
    this.data = data;
  }

  @Override
  public byte[] getBytes(int row) {
    int from = bytes.getInt(values + row * 4);
    return copy(data + from, bytes.getInt(values + row * 4 + 4) - from);
  }

  @Override
  Object value(int row) {
    if (type().kind() == Kind.AGGREGATE_STATE) {
      return getBytes(row);
    }
    int from = bytes.getInt(values + row * 4);
    int length = bytes.getInt(values + row * 4 + 4) - from;
    if (length < 0 || data + from + length > bytes.limit()) {
      throw new IndexOutOfBoundsException("a text of " + length + " bytes at " + from);
    }
    int start = bytes.arrayOffset() + data + from;
    return new String(bytes.array(), start, length, StandardCharsets.UTF_8);
  }
}
