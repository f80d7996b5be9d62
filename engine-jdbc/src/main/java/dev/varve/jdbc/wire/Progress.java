// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.io.IOException;
import java.nio.ByteBuffer;

/// How far a statement has come. A later version may append fields; a reader ignores what follows.
///
/// @param totalRows rows that will be read at most, 0 while unknown
public record Progress(long readRows, long readBytes, long totalRows, long elapsedNanos) {
  public static final Progress NONE = new Progress(0, 0, 0, 0);

  private static final int BYTES = 32;

  public byte[] encode() {
    return new WireBytes()
        .i64(readRows)
        .i64(readBytes)
        .i64(totalRows)
        .i64(elapsedNanos)
        .toByteArray();
  }

  public static Progress decode(ByteBuffer in) throws IOException {
    if (in.remaining() < BYTES) {
      throw new IOException("malformed frame: progress of " + in.remaining() + " bytes");
    }
    return new Progress(in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }
}
