// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// A stock consumer in a group, polled by a thread of its own, and what became of it. It commits
/// what it read whenever partitions are taken from it and when it goes.
final class Member implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final long PATIENCE_MILLIS = 20_000;

  /// How it leaves.
  enum Goodbye {
    LEAVE,
    VANISH
  }

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread;
  private final Set<Integer> owned = new TreeSet<>();
  private final List<Integer> everAssigned = new ArrayList<>();
  private final List<Integer> everRevoked = new ArrayList<>();
  private final List<String> values = new ArrayList<>();
  private int generation;
  private volatile Goodbye goodbye;
  private volatile Collection<String> newTopics;
  private Throwable failure;

  Member(String address, String group, Map<String, Object> more, String... topics) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", address);
    config.put("group.id", group);
    config.put("auto.offset.reset", "earliest");
    config.put("enable.auto.commit", "false");
    config.put("metadata.max.age.ms", "500");
    config.put("fetch.max.wait.ms", "50");
    config.put("default.api.timeout.ms", "10000");
    if (!"consumer".equals(more.get("group.protocol"))) {
      config.put("heartbeat.interval.ms", "200");
      config.put("session.timeout.ms", "6000");
    }
    config.putAll(more);
    consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    newTopics = List.of(topics);
    thread = Thread.ofPlatform().daemon().name("member-" + group).start(this::run);
  }

  private void run() {
    try {
      while (goodbye == null) {
        Collection<String> wanted = newTopics;
        if (wanted != null) {
          newTopics = null;
          consumer.subscribe(wanted, new Listener());
        }
        poll();
      }
      if (goodbye == Goodbye.LEAVE) {
        commitLast();
      }
      consumer.close(
          CloseOptions.timeout(Duration.ofSeconds(5))
              .withGroupMembershipOperation(
                  goodbye == Goodbye.LEAVE
                      ? GroupMembershipOperation.LEAVE_GROUP
                      : GroupMembershipOperation.REMAIN_IN_GROUP));
    } catch (RuntimeException e) {
      synchronized (this) {
        failure = e;
        notifyAll();
      }
    }
  }

  /// Commits between two rebalances.
  private void commitLast() {
    while (true) {
      try {
        consumer.commitSync();
        return;
      } catch (RebalanceInProgressException e) {
        poll();
      }
    }
  }

  private void poll() {
    var records = consumer.poll(POLL);
    synchronized (this) {
      for (ConsumerRecord<byte[], byte[]> record : records) {
        values.add(new String(record.value(), StandardCharsets.UTF_8));
      }
      generation = consumer.groupMetadata().generationId();
      notifyAll();
    }
  }

  private final class Listener implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      synchronized (Member.this) {
        partitions.forEach(p -> owned.add(p.partition()));
        partitions.forEach(p -> everAssigned.add(p.partition()));
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      if (goodbye != Goodbye.VANISH) {
        consumer.commitSync();
      }
      synchronized (Member.this) {
        partitions.forEach(p -> owned.remove(p.partition()));
        partitions.forEach(p -> everRevoked.add(p.partition()));
      }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      synchronized (Member.this) {
        partitions.forEach(p -> owned.remove(p.partition()));
      }
    }
  }

  void subscribe(String... topics) {
    newTopics = List.of(topics);
  }

  /// Waits until this holds, checked after each poll.
  synchronized void await(Predicate<Member> condition) {
    long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
    while (!condition.test(this)) {
      long left = deadline - System.currentTimeMillis();
      if (left <= 0 || failure != null) {
        throw new AssertionError("waited in vain: " + this, failure);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  synchronized Set<Integer> owned() {
    return new HashSet<>(owned);
  }

  synchronized List<Integer> everAssigned() {
    return List.copyOf(everAssigned);
  }

  synchronized List<Integer> everRevoked() {
    return List.copyOf(everRevoked);
  }

  synchronized List<String> values() {
    return List.copyOf(values);
  }

  synchronized int generation() {
    return generation;
  }

  /// Ends the member. One that vanishes commits nothing and does not tell the group.
  void end(Goodbye how) {
    goodbye = how;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (failure != null) {
      throw new AssertionError("a member failed", failure);
    }
  }

  @Override
  public void close() {
    if (thread.isAlive()) {
      end(Goodbye.LEAVE);
    }
  }

  @Override
  public synchronized String toString() {
    return "owned " + owned + ", generation " + generation + ", read " + values.size();
  }
}
