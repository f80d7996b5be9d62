// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.log.LogSettings;
import dev.varve.ingest.wire.Authenticator;
import dev.varve.ingest.wire.group.GroupSettings;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/// How a broker runs.
///
/// @param directory where topics are kept
/// @param createsTopics whether a plain topic comes into being when a client first names it
/// @param plainLog how plain topics are kept; a topic's own settings come first
/// @param tableLog how topics of tables are kept; what is not in durable parts is always kept
/// @param maxRequestBytes a larger request closes the connection before anything is allocated
/// @param requestMemoryBytes requests in memory at once; those of one connection take a quarter
/// @param groups how consumer groups are run
/// @param users whom clients must be one of; null lets everybody in
public record BrokerSettings(
    Path directory,
    Listening listening,
    boolean createsTopics,
    LogSettings plainLog,
    LogSettings tableLog,
    int maxRequestBytes,
    long requestMemoryBytes,
    GroupSettings groups,
    Authenticator users) {
  public BrokerSettings {
    if (requestMemoryBytes < maxRequestBytes) {
      throw new IllegalArgumentException(
          "one request must fit in the memory for all: maxRequestBytes="
              + maxRequestBytes
              + " requestMemoryBytes="
              + requestMemoryBytes);
    }
  }

  public static BrokerSettings of(Path directory, String host, int port) {
    LogSettings plain = LogSettings.defaults();
    LogSettings table =
        new LogSettings(64 << 20, plain.maxBatchBytes(), plain.retentionMillis(), 1L << 30);
    return new BrokerSettings(
        directory,
        Listening.on(host, port),
        false,
        plain,
        table,
        100 << 20,
        256L << 20,
        GroupSettings.defaults(),
        null);
  }

  public BrokerSettings withTopicCreation(boolean creates) {
    return with(listening, creates, groups, users);
  }

  public BrokerSettings withGroups(GroupSettings other) {
    return with(listening, createsTopics, other, users);
  }

  public BrokerSettings withUsers(Authenticator other) {
    return with(listening, createsTopics, groups, other);
  }

  /// Opens a port beside the plain one where everything is encrypted.
  ///
  /// @param port 0 picks a free one
  public BrokerSettings withTls(SSLContext encryption, int port) {
    return with(listening.with(encryption, port), createsTopics, groups, users);
  }

  private BrokerSettings with(
      Listening where, boolean creates, GroupSettings grouping, Authenticator known) {
    return new BrokerSettings(
        directory,
        where,
        creates,
        plainLog,
        tableLog,
        maxRequestBytes,
        requestMemoryBytes,
        grouping,
        known);
  }
}
