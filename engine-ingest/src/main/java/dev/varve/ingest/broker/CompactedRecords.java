// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.record.RecordCursor;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.record.RefusedException.BadRecord;
import dev.varve.ingest.wire.KafkaDecompressor;
import java.util.ArrayList;
import java.util.List;

/// What records of a compacted topic must have: a key, by which compaction tells them apart.
final class CompactedRecords {
  private static final int MAX_PAYLOAD_BYTES = 256 << 20;
  private static final int MAX_REASONS = 100;

  private CompactedRecords() {}

  /// @throws RefusedException INVALID_RECORD naming the records without a key
  static void checkKeys(byte[] batch, int from) {
    RecordCursor cursor = new RecordCursor(new KafkaDecompressor(), MAX_PAYLOAD_BYTES);
    cursor.open(batch, from);
    List<BadRecord> bad = new ArrayList<>();
    while (cursor.next()) {
      if (cursor.keyLength() < 0 && bad.size() < MAX_REASONS) {
        bad.add(new BadRecord(cursor.index(), "a record of a compacted topic needs a key"));
      }
    }
    if (!bad.isEmpty()) {
      BadRecord first = bad.getFirst();
      throw new RefusedException(
          Refusal.INVALID_RECORD,
          "record " + first.index() + " of the batch: " + first.reason(),
          bad);
    }
  }
}
