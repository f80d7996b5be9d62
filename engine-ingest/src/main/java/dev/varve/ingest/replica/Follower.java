// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.replica;

/// What a leader knows of one who follows it.
final class Follower {
  private static final long UNKNOWN = -1;

  private long end = UNKNOWN;
  private long caughtUpAt;
  private long fetchedAt;
  private long leaderEndThen = Long.MAX_VALUE;

  /// @param now until it is heard of, it counts as in time from here on
  Follower(long now) {
    this.caughtUpAt = now;
    this.fetchedAt = now;
  }

  /// The offset behind what it has on disk; -1 before it is heard of.
  long end() {
    return end;
  }

  /// It has everything before an offset, and asks for more. Who has what the leader had when it
  /// asked last was in time then, however much was written since.
  void fetched(long offset, long leaderEnd, long now) {
    if (offset >= leaderEnd) {
      caughtUpAt = now;
    } else if (offset >= leaderEndThen) {
      caughtUpAt = Math.max(caughtUpAt, fetchedAt);
    }
    end = Math.max(end, offset);
    leaderEndThen = leaderEnd;
    fetchedAt = now;
  }

  boolean isLate(long now, long lagMillis) {
    return now - caughtUpAt > lagMillis;
  }
}
