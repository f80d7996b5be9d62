// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.partlog;

import dev.varve.storage.table.ReplicaPosition;
import java.nio.charset.StandardCharsets;

/// What all servers agree on: the last change that holds, and who may make the next one. It is the
/// whole content of one znode, so that a commit is one small write however many parts there are.
///
/// @param epoch grows by one with each primary
/// @param position the last change that holds
/// @param primary the server that may commit; 0 before there was one
public record Head(long epoch, ReplicaPosition position, int primary) {
  /// Before the first primary.
  public static final Head START = new Head(0, ReplicaPosition.START, 0);

  /// One line of text, for people who look at the znode.
  public byte[] text() {
    return (epoch
            + " "
            + position.version()
            + " "
            + Long.toHexString(position.hash())
            + " "
            + primary)
        .getBytes(StandardCharsets.UTF_8);
  }

  /// What [#text] wrote; the start where nothing was written.
  public static Head parse(byte[] data) {
    if (data.length == 0) {
      return START;
    }
    String[] fields = new String(data, StandardCharsets.UTF_8).split(" ");
    return new Head(
        Long.parseLong(fields[0]),
        new ReplicaPosition(Long.parseLong(fields[1]), Long.parseUnsignedLong(fields[2], 16)),
        Integer.parseInt(fields[3]));
  }
}
