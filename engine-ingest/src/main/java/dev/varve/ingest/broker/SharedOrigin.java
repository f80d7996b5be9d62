// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.log.LogSettings;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.log.TopicStore;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.replica.PartitionState;
import dev.varve.ingest.replica.SharedTopics;
import dev.varve.ingest.replica.SharedTopics.Seen;
import dev.varve.ingest.replica.TopicState;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Topics of a cluster: what there is stands in its agreed state, and each server has files of it.
final class SharedOrigin implements TopicOrigin {
  static final String MIN_IN_SYNC = TopicConfig.MIN_IN_SYNC;

  private static final int MOST_COPIES = 3;
  private static final int ATTEMPTS = 20;

  private final SharedTopics shared;
  private final TopicStore store;

  SharedOrigin(SharedTopics shared, TopicStore store) {
    this.shared = shared;
    this.store = store;
  }

  /// How many servers keep a topic.
  int copies() {
    return Math.min(MOST_COPIES, shared.members().size());
  }

  /// How many servers must be in sync for `acks=all`.
  int minInSync(Topic topic) {
    String own = topic.config().get(MIN_IN_SYNC);
    return own == null ? copies() / 2 + 1 : Integer.parseInt(own);
  }

  @Override
  public Topic make(Topic topic) throws IOException {
    try {
      String key = TopicState.key(topic);
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Seen seen = shared.topics(attempt > 0).get(key);
        if (seen != null) {
          keep(seen.state().topic());
          return seen.state().topic();
        }
        shared.create(new TopicState(topic, states(topic.partitions(), List.of())));
      }
    } catch (VarveException e) {
      throw notAgreed(topic, e.getMessage());
    }
    throw notAgreed(topic, "it is not known whether it was written");
  }

  @Override
  public LogSettings check(Map<String, String> config, LogSettings defaults) {
    String least = config.getOrDefault(MIN_IN_SYNC, "1");
    if (!least.matches("[1-9][0-9]{0,2}") || Integer.parseInt(least) > copies()) {
      throw new RefusedException(
          Refusal.INVALID_CONFIG, MIN_IN_SYNC + " is 1 to " + copies() + ", found " + least);
    }
    return TopicConfig.settings(TopicConfig.ofEveryTopic(config), defaults);
  }

  /// Has files of a topic here.
  void keep(Topic topic) throws IOException {
    if (store.has(topic)) {
      store.update(topic);
    } else {
      store.create(topic);
    }
  }

  /// The primary leads, as tables' rows go there anyway.
  private List<PartitionState> states(int count, List<PartitionState> known) {
    List<Integer> replicas = new ArrayList<>(shared.members());
    int primary = shared.primary();
    if (replicas.remove(Integer.valueOf(primary))) {
      replicas.addFirst(primary);
    }
    replicas = replicas.subList(0, copies());
    List<PartitionState> states = new ArrayList<>(known);
    while (states.size() < count) {
      states.add(PartitionState.first(replicas));
    }
    return states;
  }

  @Override
  public void update(Topic topic) throws IOException {
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Seen seen = shared.topics(true).get(TopicState.key(topic));
        if (seen == null) {
          throw new RefusedException(
              Refusal.UNKNOWN_TOPIC_OR_PARTITION, "topic " + topic.name() + " is gone");
        }
        TopicState next =
            new TopicState(topic, states(topic.partitions(), seen.state().partitions()));
        if (next.equals(seen.state()) || shared.put(next, seen.version())) {
          store.update(topic);
          return;
        }
      }
    } catch (VarveException e) {
      throw notAgreed(topic, e.getMessage());
    }
    throw notAgreed(topic, "others change it all the time");
  }

  @Override
  public void drop(Topic topic) {
    try {
      Seen seen = shared.topics(true).get(TopicState.key(topic));
      if (seen != null && seen.state().topic().id().equals(topic.id())) {
        shared.delete(seen.state());
      }
    } catch (VarveException e) {
      throw notAgreed(topic, e.getMessage());
    }
  }

  private static RefusedException notAgreed(Topic topic, String why) {
    return new RefusedException(
        Refusal.COORDINATOR_NOT_AVAILABLE,
        "the cluster cannot agree on topic " + topic.name() + " now: " + why);
  }
}
