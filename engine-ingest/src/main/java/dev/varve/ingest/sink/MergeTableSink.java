// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.sink;

import dev.varve.ingest.format.RecordFormats;
import dev.varve.ingest.record.Decompressor;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.merge.engine.MergeTable;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowConstraints;
import dev.varve.storage.format.RowDefaults;
import dev.varve.storage.part.LogRange;
import dev.varve.storage.table.ExpressionCompiler;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.vector.Batch;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

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
  public DecodedRows decode(byte[] batch, int from) {
    Columns now = columns();
    RowDecoder decoder = now.free().poll();
    if (decoder == null) {
      decoder = decoder(now, false);
    }
    try {
      return decoder.decode(batch, from, pool);
    } finally {
      now.free().add(decoder);
    }
  }

  @Override
  public DecodedRows decodeAgain(byte[] batch, int from) {
    return decoder(columns(), true).decode(batch, from, pool);
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
  private RowDecoder decoder(Columns now, boolean again) {
    Map<String, String> settings = now.table().settings();
    String bad = settings.getOrDefault("bad_records", "reject");
    if (!bad.equals("reject")) {
      throw new RefusedException(
          Refusal.INVALID_CONFIG, "bad_records = '" + bad + "' is not supported yet; use 'reject'");
    }
    try {
      return new RowDecoder(
          now.table().name().toString(),
          now.list(),
          now.defaults(),
          again ? null : now.constraints(),
          RecordFormats.of(settings, now.list(), again),
          decompressor);
    } catch (VarveException e) {
      throw new RefusedException(
          Refusal.INVALID_CONFIG, "table " + now.table().name() + ": " + e.getMessage());
    }
  }

  @Override
  public void apply(Batch rows, long[] offsets, LogRange source) {
    table.applyLog(rows, offsets, source);
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
