// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.ingest.format.ChangeEvent;
import dev.varve.ingest.format.RecordColumns;
import dev.varve.ingest.format.RecordFormat;
import dev.varve.ingest.record.RecordCursor;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.record.RefusedException.BadRecord;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowBuilders;
import dev.varve.storage.format.RowConstraints;
import dev.varve.storage.format.RowDefaults;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/// Turns the records of a batch into rows of a table and keys to delete, or says which records do
/// not fit and why. One thread at a time.
final class RowDecoder {
  static final int MAX_RECORD_BYTES = 256 << 20;
  private static final int MAX_REASONS = 100;

  /// How a table takes records.
  ///
  /// @param constraints what the rows are held to, or null where they are known to be taken
  /// @param views tries the rows on the views over the table, or null where they must take them
  /// @param keys reads which keys to delete, or null where the merge rule has no deletion
  /// @param readsChanges whether change events are understood
  /// @param keepsBad whether a record that does not fit becomes a dead letter
  record Manner(
      String table,
      List<ColumnDefinition> columns,
      RowDefaults defaults,
      RowConstraints constraints,
      ViewTrial views,
      RecordFormat format,
      KeyRows keys,
      boolean readsChanges,
      boolean keepsBad) {}

  private final Manner manner;
  private final RecordCursor cursor;
  private final RecordColumns around;
  private final ChangeEvent change = new ChangeEvent();
  private boolean expectsChange;

  RowDecoder(Manner manner, RecordCursor cursor) {
    this.manner = manner;
    this.cursor = cursor;
    this.around = new RecordColumns(manner.columns(), cursor);
  }

  /// @param isDead which records to leave out, by their offsets above that of the batch
  /// @throws RefusedException INVALID_RECORD with the records at fault, or what is wrong with the
  ///   batch itself
  DecodedRows decode(int partition, byte[] batch, int from, IntPredicate isDead, ScratchPool pool) {
    Scratch scratch = pool.take();
    try {
      around.partition(partition);
      TreeMap<Integer, DeadLetter> letters = new TreeMap<>();
      while (true) {
        DecodedRows decoded = attempt(batch, from, isDead, letters, scratch, pool);
        if (decoded != null) {
          return decoded;
        }
        scratch.reset(); // rows cannot be taken; once more without their records
      }
    } catch (RuntimeException e) {
      pool.giveBack(scratch);
      throw e;
    }
  }

  private DecodedRows attempt(
      byte[] batch,
      int from,
      IntPredicate isDead,
      TreeMap<Integer, DeadLetter> letters,
      Scratch scratch,
      ScratchPool pool) {
    RowTarget rows = new RowTarget(manner.columns(), scratch);
    RowTarget deleted = manner.keys() == null ? null : new RowTarget(manner.columns(), scratch);
    if (!around.isEmpty()) {
      rows.rows().fillWith(around);
    }
    List<BadRecord> bad = new ArrayList<>();
    cursor.open(batch, from);
    while (cursor.next()) {
      int record = cursor.offsetDelta();
      boolean isKnown = !letters.isEmpty() && letters.containsKey(record); // boxes its key
      if (!isKnown && !isDead.test(record)) {
        record(rows, deleted, bad, letters);
      }
    }
    if (!bad.isEmpty()) {
      throw refused(bad);
    }
    Batch whole = whole(rows, scratch);
    if (manner.constraints() != null && !check(whole, rows, batch, from, letters, scratch)) {
      return null;
    }
    List<DeadLetter> dead = List.copyOf(letters.values());
    if (deleted == null || deleted.count() == 0) {
      return new DecodedRows(whole, rows.records(), null, new int[0], dead, scratch, pool);
    }
    return new DecodedRows(
        whole, rows.records(), deleted.rows().build(), deleted.records(), dead, scratch, pool);
  }

  private Batch whole(RowTarget rows, Scratch scratch) {
    try {
      return manner.defaults().fill(rows.rows(), scratch);
    } catch (VarveException e) {
      throw notComputed(e);
    }
  }

  private RefusedException notComputed(VarveException e) {
    return new RefusedException(
        Refusal.INVALID_RECORD,
        "a default or a constraint of table "
            + manner.table()
            + " cannot be computed for the records of the batch: "
            + e.getMessage());
  }

  /// False if records became dead letters, whose rows must go.
  private boolean check(
      Batch whole,
      RowTarget rows,
      byte[] batch,
      int from,
      TreeMap<Integer, DeadLetter> letters,
      Scratch scratch) {
    Map<Integer, String> reasons = reasons(whole, rows, scratch);
    if (reasons.isEmpty()) {
      return true;
    }
    List<BadRecord> bad = new ArrayList<>();
    cursor.open(batch, from);
    while (cursor.next()) {
      String reason = reasons.get(cursor.offsetDelta());
      if (reason != null) {
        bad(bad, letters, reason);
      }
    }
    if (!bad.isEmpty()) {
      throw refused(bad);
    }
    return false;
  }

  /// What constraints say against records, and, where they say nothing, what views do.
  private Map<Integer, String> reasons(Batch whole, RowTarget rows, Scratch scratch) {
    int most = manner.keepsBad() ? Integer.MAX_VALUE : MAX_REASONS;
    Map<Integer, String> reasons = new TreeMap<>();
    try {
      for (RowConstraints.Violation violation :
          manner.constraints().violations(whole, scratch, most)) {
        reasons.putIfAbsent(
            rows.record(violation.row()), "its row " + manner.constraints().text(violation));
      }
    } catch (VarveException e) {
      throw notComputed(e);
    }
    return reasons.isEmpty()
        ? manner.views().refused(whole, rows::records, scratch, most)
        : reasons;
  }

  private void record(
      RowTarget rows,
      RowTarget deleted,
      List<BadRecord> bad,
      TreeMap<Integer, DeadLetter> letters) {
    int before = rows.count();
    int deletedBefore = deleted == null ? 0 : deleted.count();
    try {
      read(rows.rows(), deleted);
      int deletedNow = deleted == null ? 0 : deleted.count();
      if (rows.count() == before && deletedNow == deletedBefore) {
        bad(bad, letters, "the record holds no row");
      }
      rows.remember(before, cursor.offsetDelta());
      if (deleted != null) {
        deleted.remember(deletedBefore, cursor.offsetDelta());
      }
    } catch (VarveException e) {
      rows.rows().truncate(before);
      if (deleted != null) {
        deleted.rows().truncate(deletedBefore);
      }
      bad(bad, letters, e.getMessage());
    }
  }

  private void read(RowBuilders rows, RowTarget deleted) {
    if (cursor.valueLength() < 0) {
      tombstone(deleted);
      return;
    }
    byte[] bytes = cursor.bytes();
    int from = cursor.valueFrom();
    int to = from + cursor.valueLength();
    if (expectsChange && change.open(bytes, from, to)) {
      change(rows, deleted);
      return;
    }
    int before = rows.rows();
    try {
      manner.format().read(rows, bytes, from, to);
      expectsChange = false;
    } catch (VarveException e) {
      // Only what is no row is looked at as a change, so that rows stay as fast as they are.
      if (!manner.readsChanges() || expectsChange || !change.open(bytes, from, to)) {
        throw e;
      }
      rows.truncate(before);
      expectsChange = true;
      change(rows, deleted);
    }
  }

  private void tombstone(RowTarget deleted) {
    if (deleted == null) {
      throw invalid(
          "a record without a value deletes its key, which only a ReplacingMergeTree can; table "
              + manner.table()
              + " is none");
    }
    if (cursor.keyLength() < 0) {
      throw invalid("a record without a key and a value");
    }
    int from = cursor.keyFrom();
    manner.keys().read(deleted.rows(), cursor.bytes(), from, from + cursor.keyLength());
  }

  private void change(RowBuilders rows, RowTarget deleted) {
    switch (change.operation()) {
      case "c", "r", "u" -> {
        if (!change.hasAfter()) {
          throw invalid("a change event \"" + change.operation() + "\" without a row after it");
        }
        if (change.operation().equals("u") && deleted == null) {
          throw invalid(
              "an update needs a ReplacingMergeTree; table " + manner.table() + " is none");
        }
        manner.format().read(rows, cursor.bytes(), change.afterFrom(), change.afterTo());
      }
      case "d" -> {
        if (deleted == null) {
          throw invalid(
              "a delete needs a ReplacingMergeTree; table " + manner.table() + " is none");
        }
        if (change.hasBefore()) {
          manner
              .keys()
              .object(deleted.rows(), cursor.bytes(), change.beforeFrom(), change.beforeTo());
        } else {
          tombstone(deleted);
        }
      }
      default -> throw invalid("a change event \"" + change.operation() + "\" changes no row");
    }
  }

  private static VarveException invalid(String message) {
    return new VarveException(ErrorCode.INCORRECT_DATA, message);
  }

  private void bad(List<BadRecord> bad, TreeMap<Integer, DeadLetter> letters, String reason) {
    if (manner.keepsBad()) {
      letters.put(
          cursor.offsetDelta(),
          new DeadLetter(
              cursor.offsetDelta(),
              cursor.timestamp(),
              cursor.key(),
              cursor.value(),
              cursor.headers(),
              reason));
    } else if (bad.size() < MAX_REASONS) {
      bad.add(new BadRecord(cursor.index(), reason));
    }
  }

  private RefusedException refused(List<BadRecord> bad) {
    BadRecord first = bad.getFirst();
    return new RefusedException(
        Refusal.INVALID_RECORD,
        "record "
            + first.index()
            + " of the batch does not fit table "
            + manner.table()
            + ": "
            + first.reason(),
        bad);
  }
}
