// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.group;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.Map;

/// How consumer groups are run.
///
/// @param initialRebalanceDelayMillis how long a new group waits for more members before its first
///   assignment, so that members that start together are not assigned one by one
/// @param minSessionMillis the shortest session timeout that a member of a classic group may ask
/// @param sessionMillis how long a silent member of the new protocol stays in its group
/// @param heartbeatMillis how often members of the new protocol are told to call
/// @param offsetsRetentionMinutes how long offsets of an empty group are kept
public record GroupSettings(
    int initialRebalanceDelayMillis,
    int minSessionMillis,
    int sessionMillis,
    int heartbeatMillis,
    int offsetsRetentionMinutes) {
  public GroupSettings {
    requireFrom(0, "group.initial.rebalance.delay.ms", initialRebalanceDelayMillis);
    requireFrom(1, "group.min.session.timeout.ms", minSessionMillis);
    requireFrom(1, "group.consumer.heartbeat.interval.ms", heartbeatMillis);
    requireFrom(1, "offsets.retention.minutes", offsetsRetentionMinutes);
    if (sessionMillis <= heartbeatMillis) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "group.consumer.session.timeout.ms ("
              + sessionMillis
              + ") must be longer than group.consumer.heartbeat.interval.ms ("
              + heartbeatMillis
              + "), or every member is taken for dead");
    }
  }

  private static void requireFrom(int least, String name, int value) {
    if (value < least) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, name + " must be at least " + least + ", found " + value);
    }
  }

  /// As clients are told of them.
  public Map<String, String> shown() {
    return Map.of(
        "group.initial.rebalance.delay.ms", Integer.toString(initialRebalanceDelayMillis),
        "group.min.session.timeout.ms", Integer.toString(minSessionMillis),
        "group.consumer.session.timeout.ms", Integer.toString(sessionMillis),
        "group.consumer.heartbeat.interval.ms", Integer.toString(heartbeatMillis),
        "offsets.retention.minutes", Integer.toString(offsetsRetentionMinutes));
  }

  /// Kafka's defaults, with a shorter wait and sessions as short as a second.
  public static GroupSettings defaults() {
    return new GroupSettings(250, 1_000, 45_000, 5_000, 7 * 24 * 60);
  }
}
