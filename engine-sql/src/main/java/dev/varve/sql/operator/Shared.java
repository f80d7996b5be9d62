// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.spill.SpillFile;
import dev.varve.sql.spill.SpillReader;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// An input that several places of a plan read: it runs when the first of them is opened, and its
/// rows stay until the query ends, on disk where they do not fit. All places hold this one object;
/// a plan may still run many times at once, as the rows are the run's.
public final class Shared implements Operator {
  private static final long CHUNK_BYTES = 1 << 20;

  private final Operator input;

  public Shared(Operator input) {
    this.input = input;
  }

  @Override
  public List<DataType> types() {
    return input.types();
  }

  @Override
  public List<Operator> inputs() {
    return List.of(input);
  }

  @Override
  public String describe() {
    return "Shared";
  }

  @Override
  public ParallelSource open(QueryContext context) {
    CollectedRows rows = context.shared(this, () -> collect(context));
    return rows.onDisk() == null
        ? WorkingTable.shares(batches(rows.stores()), context)
        : new OnDisk(chunks(rows.onDisk(), context), context);
  }

  // Stores and files go with the context.
  private CollectedRows collect(QueryContext context) {
    PartitionedRows rows = new PartitionedRows(input.types(), List.of(), List.of(), 0, context);
    return CollectedRows.of(input, rows, context);
  }

  private static List<Batch> batches(List<RowStore> stores) {
    List<Batch> batches = new ArrayList<>();
    stores.forEach(store -> batches.addAll(store.batches()));
    return batches;
  }

  private static List<Piece> chunks(PartitionedRows rows, QueryContext context) {
    List<Piece> pieces = new ArrayList<>();
    for (int p = 0; p < PartitionedRows.PARTITIONS; p++) {
      SpillFile file = rows.file(p);
      if (file != null) {
        file.chunks(CHUNK_BYTES, new Scratch(context.allocator()))
            .forEach(chunk -> pieces.add(new Piece(file, chunk)));
      }
    }
    return pieces;
  }

  /// Some pages of a file.
  private record Piece(SpillFile file, SpillFile.Chunk chunk) {}

  /// Rows on disk, read anew by each place that wants them; its workers share out the pieces.
  private static final class OnDisk implements ParallelSource {
    private final List<Piece> pieces;
    private final QueryContext context;
    private final AtomicInteger next = new AtomicInteger();

    OnDisk(List<Piece> pieces, QueryContext context) {
      this.pieces = pieces;
      this.context = context;
    }

    @Override
    public int parallelism() {
      return Math.max(1, Math.min(context.threads(), pieces.size()));
    }

    @Override
    public BatchSource worker(int index) {
      return new BatchSource() {
        private final Scratch scratch = context.newScratch();
        // Shares the worker's memory, so that none is closed before the worker is.
        private SpillReader reader;

        @Override
        public Batch next() {
          while (true) {
            context.check();
            Batch batch = reader == null ? null : reader.next();
            if (batch != null) {
              return batch;
            }
            int claimed = next.getAndIncrement();
            if (claimed >= pieces.size()) {
              return null;
            }
            Piece piece = pieces.get(claimed);
            reader = piece.file().reader(piece.chunk(), scratch);
          }
        }

        @Override
        public void close() {
          context.forget(scratch);
          scratch.close();
        }
      };
    }

    @Override
    public void close() {}
  }
}
