// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.main;

import dev.varve.ingest.wire.group.GroupSettings;
import picocli.CommandLine.Option;

/// The options that say how consumer groups are run, by Kafka's names.
final class GroupOptions {
  @Option(
      names = "--group-initial-rebalance-delay-ms",
      paramLabel = "MS",
      description =
          "how long a new consumer group waits for more members (default: ${DEFAULT-VALUE})")
  int initialRebalanceDelay = GroupSettings.defaults().initialRebalanceDelayMillis();

  @Option(
      names = "--group-min-session-timeout-ms",
      paramLabel = "MS",
      description =
          "the shortest session that a member of a classic group may ask for"
              + " (default: ${DEFAULT-VALUE})")
  int minSession = GroupSettings.defaults().minSessionMillis();

  @Option(
      names = "--group-consumer-session-timeout-ms",
      paramLabel = "MS",
      description =
          "how long a silent member of the new protocol stays in its group"
              + " (default: ${DEFAULT-VALUE})")
  int session = GroupSettings.defaults().sessionMillis();

  @Option(
      names = "--group-consumer-heartbeat-interval-ms",
      paramLabel = "MS",
      description = "how often members of the new protocol are to call (default: ${DEFAULT-VALUE})")
  int heartbeat = GroupSettings.defaults().heartbeatMillis();

  @Option(
      names = "--offsets-retention-minutes",
      paramLabel = "MINUTES",
      description =
          "how long offsets of a group without members are kept (default: ${DEFAULT-VALUE})")
  int retention = GroupSettings.defaults().offsetsRetentionMinutes();

  GroupSettings settings() {
    return new GroupSettings(initialRebalanceDelay, minSession, session, heartbeat, retention);
  }
}
