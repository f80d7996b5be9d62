// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.log;

import dev.varve.ingest.record.BatchLayout;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/// What each idempotent producer sent last to a partition, so that a batch sent again is recognised
/// and one that jumps ahead is refused. Guarded by the partition's lock.
///
/// As in Kafka, the last five batches of a producer are known: a client has at most five in flight.
final class ProducerStates {
  private static final int REMEMBERED = 5;
  private static final int MAGIC = 0x56505332;
  private static final int MAGIC_WITHOUT_TRANSACTIONS = 0x56505331;
  private static final int ENTRY_BYTES = 34;
  private static final long FORGET_AFTER_MILLIS = 7L * 24 * 3600 * 1000;

  /// A batch in the log.
  private record Sent(int firstSequence, int lastSequence, long baseOffset, long timestamp) {}

  private static final class Producer {
    private short epoch;
    private final ArrayDeque<Sent> sent = new ArrayDeque<>();
  }

  private final Map<Long, Producer> producers = new HashMap<>();
  private final Transactions transactions = new Transactions();

  Transactions transactions() {
    return transactions;
  }

  /// Who sent something or has a transaction open.
  List<KnownProducer> known() {
    Map<Long, Long> open = transactions.open();
    List<KnownProducer> known = new ArrayList<>();
    producers.forEach((id, producer) -> {
      Sent last = producer.sent.peekLast();
      known.add(
          new KnownProducer(
              id,
              producer.epoch,
              last == null ? -1 : last.lastSequence,
              last == null ? -1 : last.timestamp,
              open.getOrDefault(id, -1L)));
    });
    return known;
  }

  /// The base offset under which this batch already is in the log, or -1 if it is new and next.
  ///
  /// @throws RefusedException if it is neither
  long check(byte[] batch, int at) {
    long id = BatchLayout.producerId(batch, at);
    Producer producer = id < 0 ? null : producers.get(id);
    if (producer == null || BatchLayout.baseSequence(batch, at) < 0) {
      return -1; // the broker itself writes without sequence
    }
    short epoch = BatchLayout.producerEpoch(batch, at);
    int first = BatchLayout.baseSequence(batch, at);
    if (epoch < producer.epoch) {
      throw new RefusedException(
          Refusal.INVALID_PRODUCER_EPOCH,
          "producer " + id + " has epoch " + producer.epoch + ", the batch has " + epoch);
    }
    if (epoch > producer.epoch || producer.sent.isEmpty()) {
      if (first != 0) {
        throw outOfOrder(id, 0, first);
      }
      return -1;
    }
    int last = lastSequence(batch, at);
    for (Sent known : producer.sent) {
      if (known.firstSequence == first && known.lastSequence == last) {
        return known.baseOffset;
      }
    }
    int expected = plus(producer.sent.getLast().lastSequence, 1);
    if (first == expected) {
      return -1;
    }
    if (first < producer.sent.getFirst().firstSequence) {
      throw new RefusedException(
          Refusal.DUPLICATE_SEQUENCE_NUMBER,
          "producer " + id + " sent sequence " + first + " long ago");
    }
    throw outOfOrder(id, expected, first);
  }

  private static RefusedException outOfOrder(long id, int expected, int found) {
    return new RefusedException(
        Refusal.OUT_OF_ORDER_SEQUENCE_NUMBER,
        "producer " + id + " is at sequence " + expected + ", the batch begins at " + found);
  }

  private static int lastSequence(byte[] batch, int at) {
    return plus(BatchLayout.baseSequence(batch, at), BatchLayout.lastOffsetDelta(batch, at));
  }

  /// Sequences wrap to 0 behind the greatest int.
  private static int plus(int sequence, int count) {
    return (int) (((long) sequence + count) & Integer.MAX_VALUE);
  }

  /// Remembers a stamped batch that is in the log now.
  void appended(byte[] batch, int at) {
    long id = BatchLayout.producerId(batch, at);
    if (id < 0) {
      return;
    }
    transactions.appended(batch, at);
    if (BatchLayout.baseSequence(batch, at) < 0) {
      epochOf(id, BatchLayout.producerEpoch(batch, at));
      return;
    }
    add(
        id,
        BatchLayout.producerEpoch(batch, at),
        new Sent(
            BatchLayout.baseSequence(batch, at),
            lastSequence(batch, at),
            BatchLayout.baseOffset(batch, at),
            BatchLayout.maxTimestamp(batch, at)));
  }

  private void add(long id, short epoch, Sent sent) {
    Producer producer = epochOf(id, epoch);
    producer.sent.addLast(sent);
    if (producer.sent.size() > REMEMBERED) {
      producer.sent.removeFirst();
    }
  }

  /// The producer, what it sent under another epoch forgotten: a marker of a later epoch fences
  /// batches that are still under way.
  private Producer epochOf(long id, short epoch) {
    Producer producer = producers.computeIfAbsent(id, _ -> new Producer());
    if (epoch != producer.epoch) {
      producer.epoch = epoch;
      producer.sent.clear();
    }
    return producer;
  }

  /// Takes every producer for a new one, and what they left open for aborted.
  void forget(long endOffset) {
    producers.clear();
    transactions.abandon(endOffset);
  }

  void clear() {
    producers.clear();
    transactions.clear();
  }

  /// Everything known, checksummed, with producers left out that were silent for a week.
  byte[] snapshot(long now, long startOffset) {
    producers
        .values()
        .removeIf(p -> !p.sent.isEmpty() && p.sent.getLast().timestamp < now - FORGET_AFTER_MILLIS);
    transactions.forgetBefore(startOffset);
    int entries = producers.values().stream().mapToInt(p -> p.sent.size()).sum();
    ByteBuffer out =
        ByteBuffer.allocate(8 + entries * ENTRY_BYTES + transactions.snapshotBytes() + 4);
    out.putInt(MAGIC).putInt(entries);
    producers.forEach((id, producer) -> {
      for (Sent sent : producer.sent) {
        out.putLong(id).putShort(producer.epoch);
        out.putInt(sent.firstSequence).putInt(sent.lastSequence);
        out.putLong(sent.baseOffset).putLong(sent.timestamp);
      }
    });
    transactions.snapshot(out);
    out.putInt(checksum(out.array(), out.position()));
    return out.array();
  }

  /// Takes a snapshot in. False, and nothing known, if it is damaged.
  boolean restore(byte[] snapshot) {
    clear();
    int end = snapshot.length - Integer.BYTES;
    if (snapshot.length < 12 || checksum(snapshot, end) != ByteBuffer.wrap(snapshot).getInt(end)) {
      return false;
    }
    ByteBuffer in = ByteBuffer.wrap(snapshot, 0, end);
    int magic = in.getInt();
    int entries = in.getInt();
    long length = 8 + (long) entries * ENTRY_BYTES;
    boolean fits = magic == MAGIC ? length < end : length == end;
    if (entries < 0 || !fits || magic != MAGIC && magic != MAGIC_WITHOUT_TRANSACTIONS) {
      return false;
    }
    for (int i = 0; i < entries; i++) {
      long id = in.getLong();
      short epoch = in.getShort();
      add(id, epoch, new Sent(in.getInt(), in.getInt(), in.getLong(), in.getLong()));
    }
    if (magic == MAGIC && !transactions.restore(in)) {
      clear();
      return false;
    }
    return true;
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
