// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire.group;

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
  /// Kafka's defaults, with a shorter wait and sessions as short as a second.
  public static GroupSettings defaults() {
    return new GroupSettings(250, 1_000, 45_000, 5_000, 7 * 24 * 60);
  }
}
