// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.rewrite.SharedWork;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.LogRange;
import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.part.PartDraft;
import dev.varve.storage.part.PartOptions;
import dev.varve.storage.part.PartSection;
import dev.varve.storage.part.PartWriter;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
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
  private static final int BLOCK_ROWS = 1 << 16;
  private static final int LEAST_RANGE_ROWS = 2 * BLOCK_ROWS;

  /// Parts of an INSERT's block: durable, and not yet named by the catalog.
  ///
  /// @param first the first of the sequences taken for the block
  List<DiskPart> toDisk(RowBlock block, long first) {
    List<DiskPart> parts = new ArrayList<>();
    try (Scratch scratch = new Scratch(context.allocator())) {
      Vector sequences = sequences(block, first, scratch);
      SeqRange range = new SeqRange(first, first + block.sequences() - 1);
      if (block.partitions() == 1) {
        parts.add(write(block, SortedBlock.of(block, sequences, scratch), range));
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

  private DiskPart write(RowBlock block, SortedRows rows, SeqRange range) {
    try (PartWriter writer = writer(block, rows.partition(), rows.columns(), range)) {
      writer.write(rows.rows());
      return context.indexed(block.shape(), writer.finish());
    }
  }

  /// Of a large block several threads write a range of rows each.
  private DiskPart write(RowBlock block, SortedBlock rows, SeqRange range) {
    try (PartWriter writer = writer(block, block.partition(0), rows.columns(), range)) {
      int threads = Runtime.getRuntime().availableProcessors();
      int[] cuts = cuts(rows.rows(), threads);
      List<PartSection> sections = new ArrayList<>();
      for (int i = 1; i < cuts.length; i++) {
        sections.add(writer.section());
      }
      new SharedWork(sections.size(), s -> writeRange(rows, cuts[s], cuts[s + 1], sections.get(s)))
          .run(context.workers(), threads);
      return context.indexed(block.shape(), writer.finish());
    }
  }

  private void writeRange(SortedBlock rows, int from, int to, PartSection section) {
    try (Scratch scratch = new Scratch(context.allocator())) {
      rows.write(from, to, section, scratch);
    }
  }

  /// Where the ranges of a block begin, and its end: whole blocks of a column, and so many rows
  /// that the short one at the end does not count.
  private static int[] cuts(int rows, int threads) {
    int ranges = Math.clamp(rows / LEAST_RANGE_ROWS, 1, threads);
    int blocks = (rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
    int[] cuts = new int[ranges + 1];
    for (int i = 1; i < ranges; i++) {
      cuts[i] = blocks * i / ranges * BLOCK_ROWS;
    }
    cuts[ranges] = rows;
    return cuts;
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
