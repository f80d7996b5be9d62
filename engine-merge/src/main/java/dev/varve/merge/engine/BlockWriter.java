// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.LogRange;
import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.part.PartDraft;
import dev.varve.storage.part.PartOptions;
import dev.varve.storage.part.PartWriter;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import dev.varve.storage.vector.VectorValues;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Sorts blocks of rows and makes parts of them, one for each partition. Commits nothing. Safe for
/// threads.
///
/// @param table the catalog's number of the table
record BlockWriter(EngineContext context, long table) {

  /// Parts of an INSERT's block: durable, and not yet named by the catalog.
  ///
  /// @param first the first of the sequences taken for the block
  List<DiskPart> toDisk(RowBlock block, long first) {
    List<DiskPart> parts = new ArrayList<>();
    try (Scratch scratch = new Scratch(context.allocator())) {
      Vector sequences = sequences(block, first, scratch);
      SeqRange range = new SeqRange(first, first + block.sequences() - 1);
      RowOrder order = block.partitions() == 1 ? orderOfAll(block, scratch) : null;
      if (order != null && !mustCollapse(block, order)) {
        parts.add(writeByColumn(block, order, sequences, range));
      } else {
        SortedRows.of(block, sequences, scratch, rows -> parts.add(write(block, rows, range)));
      }
      return parts;
    } catch (RuntimeException | Error failed) {
      discard(parts);
      throw failed;
    }
  }

  private static Vector sequences(RowBlock block, long first, Scratch scratch) {
    if (block.sequences() == 1) {
      Vector one = VectorValues.of(DataTypes.INT64, scratch, first);
      return Vector.constant(DataTypes.INT64, block.rows(), one);
    }
    MemorySegment values = scratch.allocate(block.rows() * 8L);
    for (int row = 0; row < block.rows(); row++) {
      values.set(Vector.I64, row * 8L, first + row);
    }
    return Vector.fixed(DataTypes.INT64, block.rows(), values, null);
  }

  private static RowOrder orderOfAll(RowBlock block, Scratch scratch) {
    List<Vector> keys = new ArrayList<>();
    for (int index : block.shape().keyIndexes()) {
      keys.add(block.column(index, scratch));
    }
    return RowOrder.of(block.shape().keyEncoder(), keys, block.rows(), block.rowsByPartition()[0]);
  }

  private static boolean mustCollapse(RowBlock block, RowOrder order) {
    return block.shape().layout().rule().collapsesKeys() && !order.groups().isUnique();
  }

  private DiskPart write(RowBlock block, SortedRows rows, SeqRange range) {
    try (PartWriter writer = writer(block, rows.partition(), rows.columns(), range)) {
      writer.write(rows.rows());
      return context.indexed(block.shape(), writer.finish());
    }
  }

  /// One column after another, so that only one of them is held twice, in memory that is warm.
  private DiskPart writeByColumn(RowBlock block, RowOrder order, Vector sequences, SeqRange range) {
    List<ColumnDefinition> columns = block.shape().layout().columns();
    try (PartWriter writer = writer(block, block.partition(0), columns, range);
        Scratch scratch = new Scratch(context.allocator())) {
      for (int i = 0; i < block.storedColumns(); i++) {
        Vector column = block.column(i, scratch);
        Vector sorted =
            order.isSorted()
                ? column
                : VectorOps.gather(column, order.rows(), block.rows(), scratch);
        writer.write(i, sorted);
        scratch.reset();
      }
      writer.write(block.storedColumns(), sequences);
      return context.indexed(block.shape(), writer.finish());
    }
  }

  private PartWriter writer(
      RowBlock block, String partition, List<ColumnDefinition> columns, SeqRange range) {
    return PartWriter.create(
        context.files().directory(),
        draft(block, partition, range, List.of()),
        block.shape().partLayout(columns),
        PartOptions.DEFAULT,
        context.allocator());
  }

  /// Runs in memory of a piece of the log.
  ///
  /// @param sources the piece; none for rows that a view made of another table's
  List<MemoryPart> toMemory(RowBlock block, long[] sequences, List<LogRange> sources) {
    List<MemoryPart> runs = new ArrayList<>();
    try (Scratch scratch = new Scratch(context.allocator())) {
      MemorySegment values = scratch.allocate(sequences.length * 8L);
      MemorySegment.copy(sequences, 0, values, Vector.I64, 0, sequences.length);
      Vector vector = Vector.fixed(DataTypes.INT64, sequences.length, values, null);
      SeqRange range = range(sequences);
      Consumer<SortedRows> make =
          rows ->
              runs.add(
                  MemoryPart.copyOf(
                      draft(block, rows.partition(), range, sources),
                      block.shape().partLayout(rows.columns()),
                      rows.rows(),
                      context.allocator()));
      SortedRows.of(block, vector, scratch, make);
      return runs;
    } catch (RuntimeException | Error failed) {
      runs.forEach(MemoryPart::close);
      throw failed;
    }
  }

  private static SeqRange range(long[] sequences) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (long sequence : sequences) {
      first = Math.min(first, sequence);
      last = Math.max(last, sequence);
    }
    return new SeqRange(first, last);
  }

  private PartDraft draft(
      RowBlock block, String partition, SeqRange sequences, List<LogRange> sources) {
    return new PartDraft(
        context.catalog().newPartId(),
        table,
        block.shape().definition().schemaVersion(),
        0,
        List.of(),
        partition,
        sequences,
        sources,
        context.clock().millis());
  }

  /// Deletes parts that will not be committed.
  void discard(List<DiskPart> parts) {
    for (DiskPart part : parts) {
      part.close();
      context.files().delete(part.info());
    }
  }
}
