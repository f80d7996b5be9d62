// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.log.Topic;
import dev.varve.ingest.replica.SharedTopics;
import dev.varve.ingest.replica.SharedTopics.Seen;
import dev.varve.ingest.replica.TopicState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Brings a server's topics to what its cluster agrees on: opens those that others made, changes
/// those that others changed, and drops those that are gone.
final class FollowedTopics {
  private final Topics topics;
  private final SharedTopics shared;
  private final SharedOrigin origin;
  private final TopicOpener opener;

  FollowedTopics(Topics topics, SharedTopics shared, SharedOrigin origin, TopicOpener opener) {
    this.topics = topics;
    this.shared = shared;
    this.origin = origin;
    this.opener = opener;
  }

  Collection<LiveTopic> open() {
    return List.copyOf(topics.open());
  }

  void follow(Map<String, Seen> all) throws IOException {
    for (Seen seen : all.values()) {
      Topic topic = seen.state().topic();
      if (topic.isTable()) {
        topics.openWhereKnown(Long.parseLong(topic.table()));
      } else {
        followPlain(topic);
      }
    }
    dropGone(all);
  }

  private void followPlain(Topic topic) throws IOException {
    LiveTopic live = topics.plain(topic.name());
    if (live != null && !live.topic().id().equals(topic.id())) {
      topics.dropHere(live); // there was one of this name before
      live = null;
    }
    if (live == null) {
      origin.keep(topic);
      topics.openHere(topic);
    } else if (!live.topic().equals(topic)) {
      origin.keep(topic);
      LiveTopic now = opener.grown(topic, live.partitions());
      topics.replace(live, now);
      for (LivePartition partition : now.partitions()) {
        if (partition.log() != null) {
          partition.log().settings(topics.settings(now));
        }
      }
    }
  }

  /// A topic is agreed on before it is open here; so what is not agreed on after that is gone.
  private void dropGone(Map<String, Seen> all) throws IOException {
    List<LiveTopic> missing = new ArrayList<>();
    for (LiveTopic live : open()) {
      if (live.isShared() && !all.containsKey(TopicState.key(live.topic()))) {
        missing.add(live);
      }
    }
    if (missing.isEmpty()) {
      return;
    }
    Map<String, Seen> now = shared.topics(true);
    for (LiveTopic live : missing) {
      if (!now.containsKey(TopicState.key(live.topic()))) {
        topics.dropHere(live);
      }
    }
  }
}
