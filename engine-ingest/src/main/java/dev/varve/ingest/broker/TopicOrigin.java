// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.log.LogSettings;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.log.TopicStore;
import java.io.IOException;
import java.util.Map;

/// Where topics come into being, change and go: on this server's disk, or for all of a cluster.
interface TopicOrigin {
  /// Makes a topic, on disk when this returns.
  ///
  /// @return the topic as it is; another one where somebody else made it at the same time
  Topic make(Topic topic) throws IOException;

  /// Writes anew what a topic is.
  void update(Topic topic) throws IOException;

  /// What a topic's settings say of its log.
  ///
  /// @throws dev.varve.ingest.record.RefusedException INVALID_CONFIG
  default LogSettings check(Map<String, String> config, LogSettings defaults) {
    return TopicConfig.settings(config, defaults);
  }

  /// Says that a topic goes, before its files do.
  void drop(Topic topic);

  /// Of a server that is alone.
  static TopicOrigin alone(TopicStore store) {
    return new TopicOrigin() {
      @Override
      public Topic make(Topic topic) throws IOException {
        store.create(topic);
        return topic;
      }

      @Override
      public void update(Topic topic) throws IOException {
        store.update(topic);
      }

      @Override
      public void drop(Topic topic) {}
    };
  }
}
