// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;

/// What Kafka allows as the name of a topic.
final class TopicNames {
  static final int MAX_PARTITIONS = 1000;
  private static final int MAX_LENGTH = 249;

  private TopicNames() {}

  /// @throws RefusedException INVALID_TOPIC_EXCEPTION
  static void check(String name) {
    boolean fits =
        name.length() <= MAX_LENGTH
            && name.matches("[a-zA-Z0-9._-]+")
            && !name.equals(".")
            && !name.equals("..");
    if (!fits) {
      throw new RefusedException(
          Refusal.INVALID_TOPIC_EXCEPTION,
          "a topic's name has 1 to 249 letters, digits, dots, underscores and hyphens, found \""
              + name
              + "\"");
    }
  }
}
