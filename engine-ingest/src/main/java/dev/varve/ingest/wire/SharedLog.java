// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.EpochEnd;
import dev.varve.ingest.log.PartitionLog;
import java.util.Optional;

/// A partition that this server leads, as those see it who copy it. Safe for threads.
public interface SharedLog {
  /// The log, of which all may be read that is written.
  PartitionLog log();

  /// What is committed.
  long highWatermark();

  /// A follower has everything before an offset on disk and asks for more.
  ///
  /// @param epoch that of the leader which the follower means
  /// @param lastEpoch that of the follower's last record, -1 where it has none
  /// @return where the follower's log parts from this one, if it does
  /// @throws dev.varve.ingest.record.RefusedException NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH,
  ///   UNKNOWN_LEADER_EPOCH, OFFSET_OUT_OF_RANGE
  Optional<EpochEnd> fetched(int server, int epoch, long offset, int lastEpoch);
}
