// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.replica.SharedTopics;
import dev.varve.ingest.wire.CopyFetch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Copies what one leader has of all partitions that this server follows there: one request after
/// the other, each for all of them.
final class LogFollower implements AutoCloseable {
  private static final int WAIT_MILLIS = 500;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private record Key(UUID topic, int partition) {}

  private record Asked(SharedPartition partition, CopyFetch.Want want) {}

  private final int leader;
  private final SharedTopics shared;
  private final FollowedTopics topics;
  private final Thread thread;
  private volatile boolean isClosed;
  private volatile String failure = "";
  private boolean isStarted;

  LogFollower(int leader, SharedTopics shared, FollowedTopics topics) {
    this.leader = leader;
    this.shared = shared;
    this.topics = topics;
    this.thread =
        Thread.ofPlatform().daemon().name("varve-log-follower-" + leader).unstarted(this::run);
  }

  /// Starts it once.
  void start() {
    if (!isStarted) {
      isStarted = true;
      thread.start();
    }
  }

  /// Why nothing could be copied lately, or empty.
  String failure() {
    return failure;
  }

  private void run() {
    while (!isClosed) {
      boolean goesOn = false;
      try {
        goesOn = copy();
        failure = "";
      } catch (IOException | RuntimeException e) {
        failure = String.valueOf(e.getMessage());
      }
      if (!goesOn && !isClosed) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /// Asks once. Returns whether to ask again at once.
  private boolean copy() throws IOException {
    Map<Key, Asked> asked = new HashMap<>();
    for (LiveTopic topic : topics.open()) {
      for (int i = 0; topic.isShared() && i < topic.partitions().size(); i++) {
        SharedPartition partition = topic.partitions().get(i).shared();
        if (partition != null) {
          Key key = new Key(topic.shown().id(), i);
          partition
              .want(key.topic, i, leader)
              .ifPresent(want -> asked.put(key, new Asked(partition, want)));
        }
      }
    }
    if (asked.isEmpty()) {
      return false;
    }
    List<CopyFetch.Want> wants = new ArrayList<>();
    asked.values().forEach(each -> wants.add(each.want));
    byte[] answer = shared.ask(leader, CopyFetch.request(shared.self(), wants, WAIT_MILLIS));
    boolean goesOn = true;
    for (CopyFetch.Piece piece : CopyFetch.pieces(answer)) {
      Asked each = asked.get(new Key(piece.topic(), piece.partition()));
      goesOn &= each == null || each.partition.take(each.want, piece);
    }
    return goesOn;
  }

  @Override
  public void close() {
    isClosed = true;
    LockSupport.unpark(thread);
    if (isStarted) {
      LogReplication.join(thread);
    }
  }
}
