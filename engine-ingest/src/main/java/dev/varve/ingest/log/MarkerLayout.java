// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import dev.varve.ingest.record.BatchLayout;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// Layout of the batch that ends a transaction: a control batch of one record, 78 bytes.
///
/// | bytes | field       | meaning                                                       |
/// |-------|-------------|---------------------------------------------------------------|
/// | 0-60  | header      | of a batch, transactional and control, of the producer         |
/// | 61-65 | record      | length 16, attributes, timestamp and offset deltas, key length 4 |
/// | 66-69 | key         | version 0, type: 0 aborts, 1 commits (2 bytes each)            |
/// | 70    | value length | 6                                                            |
/// | 71-76 | value       | version 0 (2), coordinator epoch (4)                           |
/// | 77    | headers     | none                                                          |
public final class MarkerLayout {
  private static final int BYTES = 78;
  private static final int TYPE = 68;
  private static final short TRANSACTIONAL_CONTROL = 0x30;

  private MarkerLayout() {}

  /// A marker, its place in the log not yet stamped.
  public static byte[] marker(long producerId, short producerEpoch, boolean commit, long now) {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    out.putLong(0).putInt(BYTES - BatchLayout.OVERHEAD_BYTES).putInt(0).put((byte) 2).putInt(0);
    out.putShort(TRANSACTIONAL_CONTROL).putInt(0).putLong(now).putLong(now);
    out.putLong(producerId).putShort(producerEpoch).putInt(-1).putInt(1);
    out.put((byte) (16 << 1)).put((byte) 0).put((byte) 0).put((byte) 0).put((byte) (4 << 1));
    out.putShort((short) 0).putShort((short) (commit ? 1 : 0));
    out.put((byte) (6 << 1)).putShort((short) 0).putInt(0).put((byte) 0);
    CRC32C crc = new CRC32C();
    crc.update(out.array(), 21, BYTES - 21);
    out.putInt(17, (int) crc.getValue());
    return out.array();
  }

  /// Whether a control batch commits its producer's transaction.
  static boolean isCommit(byte[] batch, int at) {
    return BatchLayout.size(batch, at) > TYPE + 1
        && (batch[at + TYPE] << 8 | batch[at + TYPE + 1] & 0xFF) == 1;
  }
}
