// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.nio.ByteBuffer;

/// A column that lies in the bytes of a frame: a validity bitmap (1 = present, least bit first) and
/// values at absolute positions.
abstract class WireColumn extends Column {
  final ByteBuffer bytes;
  final int values;
  private final int validity;

  /// @param validity position of the bitmap, or -1 where nothing is NULL
  /// @param values position of the first value, or of the offsets
  WireColumn(SqlType type, ByteBuffer bytes, int validity, int values) {
    super(type);
    this.bytes = bytes;
    this.validity = validity;
    this.values = values;
  }

  @Override
  public final boolean isNull(int row) {
    return validity >= 0 && (bytes.get(validity + (row >>> 3)) >>> (row & 7) & 1) == 0;
  }

  final byte[] copy(int from, int length) {
    byte[] copy = new byte[length];
    bytes.get(from, copy);
    return copy;
  }
}
