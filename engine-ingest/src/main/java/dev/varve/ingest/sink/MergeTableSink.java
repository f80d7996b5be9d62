// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.ingest.format.RecordColumns;
import dev.varve.ingest.format.RecordFormats;
import dev.varve.ingest.record.Decompressor;
import dev.varve.ingest.record.RecordCursor;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.merge.engine.LogRows;
import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.rule.MergeRule;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowConstraints;
import dev.varve.storage.format.RowDefaults;
import dev.varve.storage.table.ExpressionCompiler;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;

/// A table of the merge engine as a sink of the log. Safe for threads: each decode borrows a
/// decoder.
public final class MergeTableSink implements TableSink {
  private final MergeTable table;
  private final ExpressionCompiler compiler;
  private final Decompressor decompressor;
  private final ScratchPool pool;
  private final BooleanSupplier isGone;
  private volatile Columns columns;

  /// What decoders were made for: the table between two ALTERs.
  private record Columns(
      TableDefinition table,
      List<ColumnDefinition> list,
      RowDefaults defaults,
      RowConstraints constraints,
      ConcurrentLinkedQueue<RowDecoder> free) {}

  /// @param isGone whether the table was dropped
  public MergeTableSink(
      MergeTable table,
      ExpressionCompiler compiler,
      Decompressor decompressor,
      ScratchPool pool,
      BooleanSupplier isGone) {
    this.table = table;
    this.compiler = compiler;
    this.decompressor = decompressor;
    this.pool = pool;
    this.isGone = isGone;
  }

  @Override
  public DecodedRows decode(int partition, byte[] batch, int from) {
    Columns now = columns();
    RowDecoder decoder = now.free().poll();
    if (decoder == null) {
      decoder = decoder(now, false, keepsBad());
    }
    try {
      return decoder.decode(partition, batch, from, _ -> false, pool);
    } finally {
      now.free().add(decoder);
    }
  }

  @Override
  public DecodedRows decodeAgain(
      int partition, byte[] batch, int from, IntPredicate isDead, boolean keepsBad) {
    return decoder(columns(), true, keepsBad).decode(partition, batch, from, isDead, pool);
  }

  /// Whether the table wants records that do not fit to be kept.
  public boolean keepsBad() {
    return keepsBad(table);
  }

  /// Whether a table wants records that do not fit to be kept.
  public static boolean keepsBad(MergeTable table) {
    return table.definition().settings().getOrDefault("bad_records", "").equals("dead_letter");
  }

  /// The columns of the table as it is now.
  private Columns columns() {
    Columns known = columns;
    TableDefinition definition = table.definition();
    if (known == null || known.table() != definition) {
      List<ColumnDefinition> list = table.insertColumns();
      known =
          new Columns(
              definition,
              list,
              new RowDefaults(list, compiler),
              new RowConstraints(definition, list, compiler),
              new ConcurrentLinkedQueue<>());
      if (table.definition() == definition) {
        columns = known; // else an ALTER came between, and the next batch asks again
      }
    }
    return known;
  }

  /// @param again whether the records are in the log: what they were held to when they came may
  ///   have changed since
  private RowDecoder decoder(Columns now, boolean again, boolean keepsBad) {
    Map<String, String> settings = now.table().settings();
    boolean replaces = table.rule() instanceof MergeRule.Replacing;
    try {
      RecordCursor cursor = new RecordCursor(decompressor, RowDecoder.MAX_RECORD_BYTES);
      return new RowDecoder(
          new RowDecoder.Manner(
              now.table().name().toString(),
              now.list(),
              now.defaults(),
              again ? null : now.constraints(),
              again ? null : new ViewTrial(table),
              again
                  ? RecordFormats.again(settings, now.list())
                  : RecordFormats.of(settings, now.list(), false),
              replaces ? new KeyRows(now.list(), now.table().orderBy()) : null,
              RecordFormats.readsChanges(settings, again),
              keepsBad),
          cursor);
    } catch (VarveException e) {
      throw new RefusedException(
          Refusal.INVALID_CONFIG, "table " + now.table().name() + ": " + e.getMessage());
    }
  }

  @Override
  public void apply(LogRows rows) {
    int offset = offsetColumn();
    if (offset < 0) {
      table.applyLog(rows);
      return;
    }
    Scratch scratch = pool.take();
    try {
      table.applyLog(withOffsets(rows, offset, scratch));
    } finally {
      pool.giveBack(scratch);
    }
  }

  /// The position of the column that holds each row's offset, or -1.
  private int offsetColumn() {
    List<ColumnDefinition> list = columns().list();
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).name().equals(RecordColumns.OFFSET)) {
        return i;
      }
    }
    return -1;
  }

  private LogRows withOffsets(LogRows rows, int column, Scratch scratch) {
    return new LogRows(
        withOffsets(rows.rows(), rows.offsets(), column, scratch),
        rows.offsets(),
        rows.deleted(),
        rows.deletedOffsets(),
        rows.source());
  }

  /// Rows with the offsets of their records, where the table has a column for these.
  ///
  /// @param scratch holds that column
  public Batch at(Batch rows, long[] offsets, Scratch scratch) {
    int column = offsetColumn();
    return column < 0 ? rows : withOffsets(rows, offsets, column, scratch);
  }

  private static Batch withOffsets(Batch rows, long[] offsets, int column, Scratch scratch) {
    MemorySegment values = scratch.allocate(Math.max(1, offsets.length) * 8L);
    MemorySegment.copy(offsets, 0, values, Vector.I64, 0, offsets.length);
    List<Vector> all = new ArrayList<>(rows.columns());
    all.set(column, Vector.fixed(all.get(column).type(), offsets.length, values, null));
    return new Batch(offsets.length, all);
  }

  @Override
  public Map<Integer, Long> durableOffsets() {
    return table.durableOffsets();
  }

  @Override
  public Map<Integer, Long> appliedOffsets() {
    return table.appliedOffsets();
  }

  @Override
  public boolean isGone() {
    return isGone.getAsBoolean();
  }
}
