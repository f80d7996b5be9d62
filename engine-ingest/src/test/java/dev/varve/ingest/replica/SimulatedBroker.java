// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.replica;

import dev.varve.ingest.log.EpochEnd;
import dev.varve.ingest.record.RefusedException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// A server of a simulated log: its disk, and the real rules over it.
final class SimulatedBroker {
  static final long LAG_MILLIS = 50;

  /// A batch: who sent it as its how manieth, and under which leader it was written.
  record Entry(int epoch, int producer, int sequence) {}

  /// A batch that is answered once it is committed.
  private record Waiting(long end, int epoch, int producer, int sequence) {}

  final int id;
  private final SimulatedLog world;
  final List<Entry> log = new ArrayList<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private int synced;
  private int asked;
  private boolean isUp = true;
  PartitionReplica replica;
  int seen = -1;

  SimulatedBroker(int id, SimulatedLog world) {
    this.id = id;
    this.world = world;
    this.replica = new PartitionReplica(id, LAG_MILLIS);
  }

  boolean isUp() {
    return isUp;
  }

  long highWatermark() {
    return replica.highWatermark();
  }

  /// What was not synced may be lost, or a part of it.
  void crash() {
    isUp = false;
    waiting.clear();
    int kept = synced + world.random.nextInt(log.size() - synced + 1);
    log.subList(kept, log.size()).clear();
    synced = log.size();
  }

  void start() {
    isUp = true;
    seen = -1;
    replica = new PartitionReplica(id, LAG_MILLIS);
  }

  // ---- what is agreed on

  void see(PartitionState state, int version) {
    if (replica.see(state, version, log.size(), world.now)) {
      waiting.clear(); // refused; their producers send again
    }
    if (replica.needsNewEpoch()) {
      world.write(
          this, Election.afterStart(state, id, world.live(), world.preferred), version, _ -> {});
    }
  }

  void wish() {
    int version = replica.version();
    Optional<PartitionState> wish = replica.wish(world.live(), world.now);
    wish.ifPresent(
        wanted -> world.write(this, wanted, version, next -> replica.granted(wanted, next)));
    answer();
  }

  // ---- leading

  void produce(int producer, int sequence) {
    try {
      replica.requireLeader();
    } catch (RefusedException elsewhere) {
      return;
    }
    long known = log.size();
    int last = -1;
    for (int i = 0; i < log.size(); i++) {
      if (log.get(i).producer() == producer) {
        last = log.get(i).sequence();
        known = last == sequence ? i : known;
      }
    }
    if (sequence > last + 1 || known == log.size() && sequence <= last) {
      return; // out of order
    }
    if (known == log.size()) {
      log.add(new Entry(replica.state().epoch(), producer, sequence));
    }
    waiting.add(new Waiting(known + 1, replica.state().epoch(), producer, sequence));
    answer();
  }

  void sync() {
    synced = log.size();
    if (replica.isLeader()) {
      replica.synced(synced);
      answer();
    }
  }

  private void answer() {
    Iterator<Waiting> all = waiting.iterator();
    while (all.hasNext()) {
      Waiting each = all.next();
      if (replica.isLeader()
          && each.epoch() == replica.state().epoch()
          && each.end() <= replica.highWatermark()) {
        all.remove();
        world.acknowledged(each.producer(), each.sequence());
      }
    }
  }

  /// A follower asks. The answer has what comes next, or where both diverge.
  void fetch(SimulatedLog.Fetch asked) {
    try {
      replica.requireLeader();
      replica.checkEpoch(asked.epoch());
    } catch (RefusedException another) {
      return;
    }
    EpochEnd end = endOf(asked.lastEpoch());
    if (asked.offset() > 0 && Divergence.is(end, asked.lastEpoch(), asked.offset())) {
      world.send(new SimulatedLog.Fetched(asked, List.of(), end, replica.highWatermark()));
      return;
    }
    replica.fetched(asked.from(), asked.offset(), log.size(), world.now);
    answer();
    int to = Math.min(log.size(), asked.offset() + world.answerSize());
    List<Entry> entries = List.copyOf(log.subList(asked.offset(), to));
    world.send(new SimulatedLog.Fetched(asked, entries, null, replica.highWatermark()));
  }

  /// Where the records of an epoch end, or of the greatest before it.
  private EpochEnd endOf(int epoch) {
    int found = -1;
    int end = 0;
    for (int i = 0; i < log.size(); i++) {
      if (log.get(i).epoch() <= epoch) {
        found = log.get(i).epoch();
        end = i + 1;
      }
    }
    return new EpochEnd(found, end);
  }

  // ---- following

  void ask() {
    if (replica.isFollower()) {
      sync();
      int last = log.isEmpty() ? -1 : log.getLast().epoch();
      PartitionState state = replica.state();
      asked++;
      world.send(new SimulatedLog.Fetch(asked, id, state.leader(), state.epoch(), synced, last));
    }
  }

  void fetched(SimulatedLog.Fetched answer) {
    SimulatedLog.Fetch request = answer.to();
    boolean isLate =
        request.number() != asked
            || !replica.isFollower()
            || replica.state().epoch() != request.epoch()
            || log.size() != request.offset();
    if (isLate) {
      return;
    }
    asked++; // it is answered
    if (answer.diverging() != null) {
      int cut =
          (int) Divergence.cut(answer.diverging(), endOf(answer.diverging().epoch()), log.size());
      world.cut(this, cut);
      log.subList(cut, log.size()).clear();
      synced = Math.min(synced, cut);
      return;
    }
    log.addAll(answer.entries());
    if (world.random.nextBoolean()) {
      sync();
    }
    replica.learn(answer.highWatermark(), synced);
  }
}
