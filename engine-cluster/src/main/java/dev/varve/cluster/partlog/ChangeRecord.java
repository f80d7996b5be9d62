// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.partlog;

import dev.varve.storage.table.ReplicaPosition;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A change that a primary offers to the others. It names the one it follows, so that equal
/// positions mean equal histories. Whether it holds, the head alone says.
///
/// | bytes  | field                                       |
/// |--------|---------------------------------------------|
/// | 0-7    | version                                     |
/// | 8-15   | epoch of the primary                        |
/// | 16-23  | hash of the position before                 |
/// | 24-    | the change, as a record of the manifest     |
///
/// Big-endian. The hash of a record is the first eight bytes of the SHA-256 of all these bytes.
///
/// @param change shared, not to be changed
public record ChangeRecord(long version, long epoch, long previous, byte[] change) {
  private static final int HEADER_BYTES = 24;

  public byte[] encode() {
    return ByteBuffer.allocate(HEADER_BYTES + change.length)
        .putLong(version)
        .putLong(epoch)
        .putLong(previous)
        .put(change)
        .array();
  }

  /// @throws IllegalArgumentException if the bytes are too few
  public static ChangeRecord decode(byte[] bytes) {
    if (bytes.length < HEADER_BYTES) {
      throw new IllegalArgumentException("a change record has 24 bytes at least");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long version = in.getLong();
    long epoch = in.getLong();
    long previous = in.getLong();
    byte[] change = new byte[in.remaining()];
    in.get(change);
    return new ChangeRecord(version, epoch, previous, change);
  }

  /// Where a catalog stands that applied it.
  public ReplicaPosition position() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(encode());
      return new ReplicaPosition(version, ByteBuffer.wrap(digest).getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// Whether it is the next one for a catalog that stands there.
  boolean follows(ReplicaPosition position) {
    return version == position.version() + 1 && previous == position.hash();
  }
}
