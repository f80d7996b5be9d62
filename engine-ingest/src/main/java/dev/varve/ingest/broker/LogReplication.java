// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.replica.Election;
import dev.varve.ingest.replica.PartitionState;
import dev.varve.ingest.replica.SharedTopics;
import dev.varve.ingest.replica.SharedTopics.Seen;
import dev.varve.ingest.replica.TopicState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Keeps a server's copies of partitions in step with what the cluster agrees on: it opens topics
/// that others made, leads and follows, says who is in sync, and, where the server is the primary,
/// elects leaders. One thread, and one for each leader that is followed.
final class LogReplication implements AutoCloseable {
  private static final long TICK_MILLIS = 100;

  private final SharedTopics shared;
  private final FollowedTopics topics;
  private final Semaphore signals = new Semaphore(0);
  private final Map<Integer, LogFollower> followers = new ConcurrentSkipListMap<>();
  private final Thread thread;
  private volatile boolean isClosed;
  private volatile String failure = "";
  private boolean hasSeen;

  LogReplication(SharedTopics shared, FollowedTopics topics) {
    this.shared = shared;
    this.topics = topics;
    this.thread = Thread.ofPlatform().daemon().name("varve-log-replica").unstarted(this::run);
  }

  void start() {
    shared.onChange(this::signal);
    thread.start();
  }

  /// Has the next step come at once.
  void signal() {
    signals.release();
  }

  /// All partitions as this server sees them.
  List<PartitionStatus> status() {
    List<PartitionStatus> rows = new ArrayList<>();
    for (LiveTopic topic : topics.open()) {
      for (int i = 0; i < topic.partitions().size(); i++) {
        SharedPartition partition = topic.partitions().get(i).shared();
        PartitionState state = partition == null ? null : partition.state();
        if (state != null) {
          String error =
              partition.lastError().isEmpty() ? failureOf(state.leader()) : partition.lastError();
          rows.add(
              new PartitionStatus(
                  topic.shown().name(),
                  i,
                  state,
                  partition.log().endOffset(),
                  partition.log().highWatermark(),
                  error));
        }
      }
    }
    return rows;
  }

  /// Why the last step did not go well, or this server cannot copy from a leader; or empty.
  private String failureOf(int leader) {
    LogFollower follower = followers.get(leader);
    return !failure.isEmpty() || follower == null ? failure : follower.failure();
  }

  private void run() {
    while (!isClosed) {
      try {
        if (signals.tryAcquire(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
          signals.drainPermits();
        }
        step();
        failure = "";
      } catch (InterruptedException asked) {
        return; // closed
      } catch (IOException | RuntimeException e) {
        // Whatever it is: without this thread nobody would lead or follow here any more.
        failure = String.valueOf(e.getMessage());
      }
    }
  }

  private void step() throws IOException {
    // What was agreed on before this server started must not be taken for news.
    Map<String, Seen> all = shared.topics(!hasSeen);
    hasSeen = true;
    topics.follow(all);
    Set<Integer> live = shared.live();
    boolean isPrimary = shared.isPrimary();
    Map<Integer, Boolean> leaders = new HashMap<>();
    for (LiveTopic topic : topics.open()) {
      Seen seen = topic.isShared() ? all.get(TopicState.key(topic.topic())) : null;
      if (seen != null) {
        step(topic, seen, live, isPrimary);
        for (LivePartition partition : topic.partitions()) {
          PartitionState state = partition.shared().state();
          if (state != null && state.hasLeader() && state.leader() != shared.self()) {
            leaders.put(state.leader(), true);
          }
        }
      }
    }
    for (int leader : leaders.keySet()) {
      followers.computeIfAbsent(leader, id -> new LogFollower(id, shared, topics)).start();
    }
  }

  private void step(LiveTopic topic, Seen seen, Set<Integer> live, boolean isPrimary)
      throws IOException {
    Map<SharedPartition, PartitionState> wishes = new HashMap<>();
    TopicState next = seen.state();
    int count = Math.min(topic.partitions().size(), seen.state().partitions().size());
    for (int i = 0; i < count; i++) {
      SharedPartition partition = topic.partitions().get(i).shared();
      if (partition == null) {
        continue;
      }
      PartitionState now = seen.state().partitions().get(i);
      partition.see(now, seen.version());
      PartitionState wanted = now;
      if (partition.needsNewEpoch()) {
        wanted = Election.afterStart(now, shared.self(), live, shared.primary());
      } else if (isPrimary) {
        wanted = Election.next(now, live, shared.self());
      }
      if (wanted.equals(now)) {
        Optional<PartitionState> wish = partition.wish(live, seen.version());
        wish.ifPresent(state -> wishes.put(partition, state));
        wanted = wish.orElse(now);
      }
      next = next.with(i, wanted);
    }
    if (!next.equals(seen.state()) || !wishes.isEmpty()) {
      if (shared.put(next, seen.version())) {
        wishes.forEach((partition, state) -> partition.granted(state, seen.version() + 1));
      }
      signal();
    }
    for (int i = 0; i < count; i++) {
      SharedPartition partition = topic.partitions().get(i).shared();
      if (partition != null) {
        partition.settle(isPrimary);
      }
    }
  }

  @Override
  public void close() {
    isClosed = true;
    thread.interrupt();
    join(thread);
    followers.values().forEach(LogFollower::close);
  }

  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
    }
  }
}
