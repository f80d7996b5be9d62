// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.replica;

import dev.varve.ingest.log.EpochEnd;

/// How a follower finds the place up to which it has the leader's records: both compare where the
/// records of an epoch end (KIP-101, KIP-279). What lies behind that place in the follower's log
/// was never committed.
public final class Divergence {
  private Divergence() {}

  /// Whether a follower has records that the leader has not.
  ///
  /// @param leaders where the leader's records of the follower's last epoch end
  /// @param lastEpoch that of the follower's last record
  /// @param end of the follower's log
  public static boolean is(EpochEnd leaders, int lastEpoch, long end) {
    return leaders.epoch() != lastEpoch || leaders.offset() < end;
  }

  /// Where a follower cuts its log. It may diverge even so, where it missed an epoch, and asks
  /// again.
  ///
  /// @param leaders what the leader answered
  /// @param own where the follower's records of the leader's epoch end, or those of an epoch before
  /// @param end of the follower's log
  public static long cut(EpochEnd leaders, EpochEnd own, long end) {
    if (leaders.offset() < 0) {
      return 0; // nothing in common
    }
    long common = own.offset() < 0 ? 0 : Math.min(leaders.offset(), own.offset());
    return Math.min(common, end);
  }
}
