// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.io.IOException;
import java.nio.ByteBuffer;

/// What is known when a statement is done. A later version may append fields; a reader ignores what
/// follows.
///
/// @param parameters how many `?` the statement has, -1 where nobody counted
/// @param database the session's database after the statement, empty where there is no session
/// @param version of the engine
public record Ending(
    long writtenRows, Progress progress, int parameters, String database, String version) {
  private static final int FIXED_BYTES = 8 + 32 + 4;

  public byte[] encode() {
    return new WireBytes()
        .i64(writtenRows)
        .i64(progress.readRows())
        .i64(progress.readBytes())
        .i64(progress.totalRows())
        .i64(progress.elapsedNanos())
        .i32(parameters)
        .text(database)
        .text(version)
        .toByteArray();
  }

  public static Ending decode(ByteBuffer in) throws IOException {
    if (in.remaining() < FIXED_BYTES) {
      throw new IOException("malformed frame: an ending of " + in.remaining() + " bytes");
    }
    long written = in.getLong();
    Progress progress = Progress.decode(in);
    int parameters = in.getInt();
    String database = WireBytes.readText(in);
    return new Ending(written, progress, parameters, database, WireBytes.readText(in));
  }
}
