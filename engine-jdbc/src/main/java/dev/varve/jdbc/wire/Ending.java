// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What is known when a statement is done. A later version may append fields; a reader ignores what
/// follows.
///
/// @param parameters how many `?` the statement has, -1 where nobody counted
/// @param database the session's database after the statement, empty where there is no session
/// @param version of the engine
/// @param parameterTypes SQL types wanted for each `?`; empty where nobody asked
/// @param change the last one that the server has of those that a cluster shares, 0 without one
public record Ending(
    long writtenRows,
    Progress progress,
    int parameters,
    String database,
    String version,
    List<String> parameterTypes,
    long change) {
  private static final int FIXED_BYTES = 8 + 32 + 4;

  /// The end of a statement that ran.
  public Ending(
      long writtenRows, Progress progress, int parameters, String database, String version) {
    this(writtenRows, progress, parameters, database, version, List.of(), 0);
  }

  public byte[] encode() {
    WireBytes bytes =
        new WireBytes()
            .i64(writtenRows)
            .i64(progress.readRows())
            .i64(progress.readBytes())
            .i64(progress.totalRows())
            .i64(progress.elapsedNanos())
            .i32(parameters)
            .text(database)
            .text(version)
            .i32(parameterTypes.size());
    parameterTypes.forEach(bytes::text);
    return bytes.i64(change).toByteArray();
  }

  public static Ending decode(ByteBuffer in) throws IOException {
    if (in.remaining() < FIXED_BYTES) {
      throw new IOException("malformed frame: an ending of " + in.remaining() + " bytes");
    }
    long written = in.getLong();
    Progress progress = Progress.decode(in);
    int parameters = in.getInt();
    String database = WireBytes.readText(in);
    String version = WireBytes.readText(in);
    List<String> types = new ArrayList<>();
    if (in.remaining() >= Integer.BYTES) {
      for (int left = in.getInt(); left > 0; left--) {
        types.add(WireBytes.readText(in));
      }
    }
    long change = in.remaining() >= Long.BYTES ? in.getLong() : 0;
    return new Ending(written, progress, parameters, database, version, List.copyOf(types), change);
  }
}
