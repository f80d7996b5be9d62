// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.merge.engine.CommitNotes;
import dev.varve.merge.engine.LogRows;
import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.engine.TableInsert;
import dev.varve.storage.vector.Scratch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/// A table that several servers keep, as a sink of the log. What it shows is written as parts, in
/// one change of the shared catalog with the offset up to which the log is in the table; so another
/// primary goes on where this one ended. Rows in memory would be of one server alone.
public final class SharedTableSink implements TableSink {
  private static final String MARK = "log/";

  private final MergeTableSink own;
  private final MergeTable table;
  private final ScratchPool pool;

  public SharedTableSink(MergeTableSink own, MergeTable table, ScratchPool pool) {
    this.own = own;
    this.table = table;
    this.pool = pool;
  }

  @Override
  public DecodedRows decode(int partition, byte[] batch, int from) {
    DecodedRows decoded = own.decode(partition, batch, from);
    if (decoded.deletedRecords().length > 0) {
      decoded.close();
      throw new RefusedException(
          Refusal.INVALID_RECORD,
          "record "
              + decoded.deletedRecords()[0]
              + " of the batch deletes its key, which a table of a cluster takes by DELETE only");
    }
    return decoded;
  }

  @Override
  public DecodedRows decodeAgain(
      int partition, byte[] batch, int from, IntPredicate isDead, boolean keepsBad) {
    return own.decodeAgain(partition, batch, from, isDead, keepsBad);
  }

  @Override
  public void apply(LogRows rows) {
    int partition = rows.source().partition();
    if (rows.source().to() <= appliedOffsets().getOrDefault(partition, 0L)) {
      return; // an answer was lost, and the change holds
    }
    Scratch scratch = pool.take();
    try (TableInsert insert = table.insert()) {
      if (rows.offsets().length > 0) {
        insert.write(own.at(rows.rows(), rows.offsets(), scratch));
      }
      insert.commit(new CommitNotes(List.of(), Map.of(MARK + partition, rows.source().to())));
    } finally {
      pool.giveBack(scratch);
    }
  }

  @Override
  public Map<Integer, Long> durableOffsets() {
    return appliedOffsets();
  }

  @Override
  public Map<Integer, Long> appliedOffsets() {
    Map<Integer, Long> offsets = new HashMap<>();
    table
        .marks()
        .forEach((name, offset) -> {
          if (name.startsWith(MARK)) {
            offsets.put(Integer.parseInt(name.substring(MARK.length())), offset);
          }
        });
    return offsets;
  }

  @Override
  public boolean isGone() {
    return own.isGone();
  }
}
