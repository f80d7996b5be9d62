// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.transaction;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/// What is known of one transactional id. A value; each step makes the next one, which is written
/// to the log before anybody is told of it.
///
/// The bytes, big-endian; docs/format/segment.md says the same: version 1 (1), producer id (8),
/// epoch (2), timeout in milliseconds (4), stage (1), begin and last change in milliseconds since
/// the epoch (8, 8), number of partitions (4), each as topic (2 and modified UTF-8) and number (4).
///
/// @param epoch that of the producer, or in a later one that of the markers while it ends
/// @param beganMillis when the open transaction began
public record TransactionState(
    long producerId,
    short epoch,
    int timeoutMillis,
    Stage stage,
    long beganMillis,
    long changedMillis,
    Set<Participant> partitions) {
  private static final int VERSION = 1;

  /// Where a transaction is. Once it commits or aborts, a crash does not change the outcome.
  public enum Stage {
    EMPTY,
    OPEN,
    COMMITTING,
    ABORTING,
    COMMITTED,
    ABORTED;

    boolean isEnding() {
      return this == COMMITTING || this == ABORTING;
    }
  }

  public TransactionState {
    partitions = Set.copyOf(partitions);
  }

  static TransactionState first(long producerId, int timeoutMillis, long now) {
    return new TransactionState(
        producerId, (short) 0, timeoutMillis, Stage.EMPTY, 0, now, Set.of());
  }

  /// The same id for another life of its producer.
  TransactionState reborn(long id, short newEpoch, int newTimeout, long now) {
    return new TransactionState(id, newEpoch, newTimeout, Stage.EMPTY, 0, now, Set.of());
  }

  TransactionState with(Set<Participant> more, long now) {
    boolean isOpen = stage == Stage.OPEN;
    Set<Participant> all = new LinkedHashSet<>(isOpen ? partitions : Set.of());
    all.addAll(more);
    return new TransactionState(
        producerId, epoch, timeoutMillis, Stage.OPEN, isOpen ? beganMillis : now, now, all);
  }

  TransactionState ending(boolean commit, boolean nextEpoch, long now) {
    return new TransactionState(
        producerId,
        nextEpoch ? (short) (epoch + 1) : epoch,
        timeoutMillis,
        commit ? Stage.COMMITTING : Stage.ABORTING,
        beganMillis,
        now,
        partitions);
  }

  TransactionState ended(long now) {
    Stage end = stage == Stage.COMMITTING ? Stage.COMMITTED : Stage.ABORTED;
    return new TransactionState(producerId, epoch, timeoutMillis, end, 0, now, Set.of());
  }

  byte[] toBytes() {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeByte(VERSION);
      out.writeLong(producerId);
      out.writeShort(epoch);
      out.writeInt(timeoutMillis);
      out.writeByte(stage.ordinal());
      out.writeLong(beganMillis);
      out.writeLong(changedMillis);
      out.writeInt(partitions.size());
      for (Participant each : partitions) {
        out.writeUTF(each.topic());
        out.writeInt(each.partition());
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("no I/O in here", e);
    }
  }

  static TransactionState of(byte[] bytes) {
    try {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalStateException(
            "a record of transactions of version " + version + ", this release reads " + VERSION);
      }
      long producerId = in.readLong();
      short epoch = in.readShort();
      int timeout = in.readInt();
      Stage stage = Stage.values()[in.readByte()];
      long began = in.readLong();
      long changed = in.readLong();
      Set<Participant> partitions = new LinkedHashSet<>();
      for (int i = in.readInt(); i > 0; i--) {
        partitions.add(new Participant(in.readUTF(), in.readInt()));
      }
      return new TransactionState(producerId, epoch, timeout, stage, began, changed, partitions);
    } catch (IOException e) {
      throw new IllegalStateException("a record of transactions is cut off", e);
    }
  }
}
