// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.ingest.log.EpochEnd;
import dev.varve.ingest.replica.SimulatedBroker.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/// A partition on several servers in one thread: the agreed state, network, disks, clock and
/// producers are here, the rules are the real ones. Messages come late, twice, in another order, or
/// never; writes of the agreed state may be done without the writer hearing of it, or long after.
final class SimulatedLog {
  /// Of a follower to the leader. It waits for the answer to its last one alone.
  record Fetch(int number, int from, int to, int epoch, int offset, int lastEpoch) {}

  /// The answer to it.
  record Fetched(Fetch to, List<Entry> entries, EpochEnd diverging, long highWatermark) {}

  private static final int PRODUCERS = 3;

  final RandomGenerator random;
  final List<SimulatedBroker> brokers = new ArrayList<>();
  private final int rarity;
  private final List<PartitionState> states = new ArrayList<>();
  private final Map<Integer, Integer> leaders = new HashMap<>();
  private final Set<Integer> sessions = new TreeSet<>();
  private final List<Object> network = new ArrayList<>();
  private final List<Runnable> lateWrites = new ArrayList<>();
  private final Set<Set<Integer>> cuts = new HashSet<>();
  private final int[] nextSequence = new int[PRODUCERS];
  private final List<Entry> committed = new ArrayList<>();
  private final Map<SimulatedBroker, PartitionReplica> watched = new HashMap<>();
  private final Map<SimulatedBroker, Long> shown = new HashMap<>();
  long now;
  int preferred = 1;
  private boolean calm;

  /// @param rarity the more, the fewer faults
  SimulatedLog(int count, int rarity, RandomGenerator random) {
    this.random = random;
    this.rarity = rarity;
    List<Integer> replicas = new ArrayList<>();
    for (int id = 1; id <= count; id++) {
      brokers.add(new SimulatedBroker(id, this));
      replicas.add(id);
      sessions.add(id);
    }
    agree(PartitionState.first(replicas));
    // Nobody led before the first: whoever begins with the epoch of another sees it as new.
    brokers.forEach(broker -> broker.see(states.getFirst(), 0));
  }

  // ---- what happens

  void step() {
    now += random.nextInt(3);
    SimulatedBroker broker = brokers.get(random.nextInt(brokers.size()));
    int kind = random.nextInt(24);
    boolean isFault = kind < 5 && !calm && random.nextInt(rarity) == 0;
    switch (isFault ? kind : Math.max(5, kind)) {
      case 0 -> crash(broker);
      case 1 -> sessions.remove(broker.id); // its process may go on
      case 2 -> cutOrHeal();
      case 3 -> preferred = 1 + random.nextInt(brokers.size());
      case 4 -> now += SimulatedBroker.LAG_MILLIS;
      case 5 -> comeBack(broker);
      case 6, 7 -> look(broker);
      case 8 -> elect(broker);
      case 9 -> act(broker, broker::wish);
      case 10, 11 -> act(broker, broker::sync);
      case 12, 13, 14 -> act(broker, broker::ask);
      case 15, 16, 17, 18 -> produce(broker);
      case 19 -> writeLate();
      default -> deliver();
    }
    check();
  }

  private void act(SimulatedBroker broker, Runnable what) {
    if (broker.isUp()) {
      what.run();
    }
  }

  private void crash(SimulatedBroker broker) {
    if (broker.isUp()) {
      broker.crash();
    }
  }

  private void comeBack(SimulatedBroker broker) {
    if (!broker.isUp()) {
      broker.start();
    }
    sessions.add(broker.id);
  }

  private void cutOrHeal() {
    int a = 1 + random.nextInt(brokers.size());
    int b = 1 + random.nextInt(brokers.size());
    if (a == b) {
      cuts.clear();
    } else {
      cuts.add(Set.of(a, b));
    }
  }

  private void produce(SimulatedBroker broker) {
    int producer = random.nextInt(PRODUCERS);
    act(broker, () -> broker.produce(producer, nextSequence[producer]));
  }

  void acknowledged(int producer, int sequence) {
    if (nextSequence[producer] == sequence) {
      nextSequence[producer]++;
    }
    assertThat(committedOf(producer))
        .as("acknowledged to producer %s", producer)
        .contains(sequence);
  }

  private List<Integer> committedOf(int producer) {
    learnCommitted();
    return committed.stream()
        .filter(entry -> entry.producer() == producer)
        .map(Entry::sequence)
        .toList();
  }

  // ---- network

  /// How many batches an answer has at most.
  int answerSize() {
    return calm ? 1_000 : 1 + random.nextInt(4);
  }

  void send(Object message) {
    if (calm || random.nextInt(4 * rarity) > 0) {
      network.add(message);
    }
    if (!calm && random.nextInt(4 * rarity) == 0) {
      network.add(message);
    }
  }

  private void deliver() {
    if (network.isEmpty()) {
      return;
    }
    Object message = network.remove(calm ? 0 : random.nextInt(Math.min(6, network.size())));
    Fetch fetch = message instanceof Fetched answer ? answer.to() : (Fetch) message;
    if (cuts.contains(Set.of(fetch.from(), fetch.to()))) {
      return;
    }
    SimulatedBroker leader = brokers.get(fetch.to() - 1);
    SimulatedBroker follower = brokers.get(fetch.from() - 1);
    if (message instanceof Fetched answer) {
      act(follower, () -> follower.fetched(answer));
    } else {
      act(leader, () -> leader.fetch(fetch));
    }
  }

  // ---- what is agreed on

  Set<Integer> live() {
    return Set.copyOf(sessions);
  }

  private void agree(PartitionState state) {
    if (states.isEmpty() || states.getLast().epoch() != state.epoch()) {
      assertThat(leaders.put(state.epoch(), state.leader())).as("leaders of an epoch").isNull();
    }
    states.add(state);
  }

  /// Writes by a version that was read. It may be lost on its way, done without an answer, or done
  /// later.
  void write(SimulatedBroker by, PartitionState next, int version, IntConsumer done) {
    Runnable attempt =
        () -> {
          if (version == states.size() - 1) {
            agree(next);
          }
        };
    int fate = calm ? 3 : random.nextInt(3 * rarity);
    if (fate == 0) {
      return;
    }
    if (fate == 1) {
      lateWrites.add(attempt);
      return;
    }
    boolean holds = version == states.size() - 1;
    attempt.run();
    if (holds && fate != 2) {
      done.accept(states.size() - 1);
      by.seen = Math.max(by.seen, states.size() - 1);
    }
  }

  private void writeLate() {
    if (!lateWrites.isEmpty()) {
      lateWrites.removeFirst().run();
    }
  }

  /// A server sees the state, maybe an older one than there is; but not one of before its start.
  private void look(SimulatedBroker broker) {
    int last = states.size() - 1;
    int from = Math.max(0, broker.seen);
    broker.seen =
        calm || broker.seen < 0 || random.nextInt(4) > 0
            ? last
            : from + random.nextInt(Math.max(1, last - from + 1));
    act(broker, () -> broker.see(states.get(broker.seen), broker.seen));
  }

  private void elect(SimulatedBroker broker) {
    if (broker.isUp() && broker.seen >= 0) {
      PartitionState known = states.get(broker.seen);
      PartitionState next = Election.next(known, live(), preferred);
      if (!next.equals(known)) {
        write(broker, next, broker.seen, _ -> {});
      }
    }
  }

  // ---- what must hold

  /// A follower drops what it has behind an offset.
  void cut(SimulatedBroker broker, int end) {
    assertThat(broker.highWatermark()).as("committed at one who is cut").isLessThanOrEqualTo(end);
  }

  private void learnCommitted() {
    for (SimulatedBroker broker : brokers) {
      long end = broker.isUp() ? broker.highWatermark() : 0;
      assertThat(end)
          .as("committed at server %s", broker.id)
          .isBetween(0L, (long) broker.log.size());
      for (int i = committed.size(); i < end; i++) {
        committed.add(broker.log.get(i));
      }
    }
  }

  private void check() {
    learnCommitted();
    for (SimulatedBroker broker : brokers) {
      if (!broker.isUp()) {
        continue;
      }
      int end = (int) broker.highWatermark();
      assertThat(broker.log.subList(0, end))
          .as("committed at server %s", broker.id)
          .isEqualTo(committed.subList(0, end));
      boolean isSame = watched.put(broker, broker.replica) == broker.replica;
      long before = shown.getOrDefault(broker, 0L);
      assertThat(highWatermarkFell(isSame, before, end)).as("a high watermark fell").isFalse();
      shown.put(broker, (long) end);
      if (broker.replica.isLeader()) {
        assertThat(leaders.get(broker.replica.state().epoch()))
            .as("leader of epoch %s", broker.replica.state().epoch())
            .isEqualTo(broker.id);
      }
    }
    for (int producer = 0; producer < PRODUCERS; producer++) {
      List<Integer> found = committedOf(producer);
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i)).as("batches of producer %s, each once", producer).isEqualTo(i);
      }
      assertThat(found.size()).as("acknowledged").isGreaterThanOrEqualTo(nextSequence[producer]);
    }
    holdersOfCommitted();
  }

  private static boolean highWatermarkFell(boolean isSame, long before, long now) {
    return isSame && now < before;
  }

  /// Whoever may lead next has all that is committed.
  private void holdersOfCommitted() {
    for (int id : states.getLast().isr()) {
      SimulatedBroker broker = brokers.get(id - 1);
      assertThat(broker.log.size())
          .as("server %s is in sync", id)
          .isGreaterThanOrEqualTo(committed.size());
      assertThat(broker.log.subList(0, committed.size()))
          .as("server %s is in sync", id)
          .isEqualTo(committed);
    }
  }

  /// Everything comes back: then all must have the same, and somebody must take records.
  void healAndAgree() {
    calm = true;
    cuts.clear();
    lateWrites.clear();
    brokers.forEach(this::comeBack);
    int before = committed.size();
    for (int round = 0; round < 40; round++) {
      brokers.forEach(this::look);
      elect(brokers.getFirst());
      brokers.forEach(this::look);
      for (int i = 0; i < PRODUCERS && round < 20; i++) {
        int producer = i;
        brokers.forEach(broker -> broker.produce(producer, nextSequence[producer]));
      }
      brokers.forEach(SimulatedBroker::ask);
      while (!network.isEmpty()) {
        deliver();
      }
      brokers.forEach(SimulatedBroker::sync);
      brokers.forEach(SimulatedBroker::wish);
      now++;
      check();
    }
    assertThat(committed.size()).as("records taken after all is well").isGreaterThan(before);
    assertThat(states.getLast().isr()).as("in sync").hasSize(brokers.size());
    for (SimulatedBroker broker : brokers) {
      assertThat(broker.log).as("log of server %s", broker.id).isEqualTo(committed);
      assertThat(broker.highWatermark()).isEqualTo(committed.size());
    }
  }

  int records() {
    return committed.size();
  }

  int epochs() {
    return leaders.size();
  }
}
