// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.column.ColumnStats;
import dev.varve.storage.column.RowBytes;
import dev.varve.storage.column.StatsCollector;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.index.SparseIndex;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.arrow.memory.BufferAllocator;

/// A run in memory: the rows of a piece of the log that no part on disk holds yet, or the combined
/// rows of an exact read.
///
/// It counts who needs it: whoever made it holds one reference, a reader holds one while it is
/// open, a snapshot takes one with [#retain]. The last [#close] frees the memory.
public final class MemoryPart implements Part, AutoCloseable {
  private final PartInfo info;
  private final PartLayout layout;
  private final Map<String, Integer> positions = new HashMap<>();
  private final List<Batch> granules;
  private final long[] firstRows;
  private final SparseIndex index;
  private final Scratch memory;
  private final AtomicReferenceArray<ColumnStats> stats;
  private final AtomicInteger references = new AtomicInteger(1);

  private MemoryPart(PartDraft draft, PartLayout layout, List<Batch> granules, Scratch memory) {
    this.layout = layout;
    this.granules = List.copyOf(granules);
    this.memory = memory;
    this.firstRows = new long[granules.size() + 1];
    for (int g = 0; g < granules.size(); g++) {
      firstRows[g + 1] = firstRows[g] + granules.get(g).rows();
    }
    for (int c = 0; c < layout.columns().size(); c++) {
      positions.put(layout.columns().get(c).name(), c);
    }
    this.info = draft.info(firstRows[granules.size()], 0);
    this.index = buildIndex();
    this.stats = new AtomicReferenceArray<>(layout.columns().size() * granules.size());
  }

  /// A run over batches that lie in `memory`, which the run takes over and closes in the end.
  ///
  /// @param granules columns in the order of the layout, sorted, each of 1 to 8,192 rows
  public static MemoryPart owning(
      PartDraft draft, PartLayout layout, List<Batch> granules, Scratch memory) {
    for (Batch granule : granules) {
      if (granule.rows() < 1 || granule.rows() > Batch.MAX_ROWS) {
        throw new IllegalArgumentException("a granule of " + granule.rows() + " rows");
      }
    }
    return new MemoryPart(draft, layout, granules, memory);
  }

  /// A run over a copy of the rows, in memory from the allocator.
  ///
  /// @param rows columns in the order of the layout, sorted; of any length
  public static MemoryPart copyOf(
      PartDraft draft, PartLayout layout, Batch rows, BufferAllocator allocator) {
    Scratch memory = new Scratch(allocator);
    try {
      List<Batch> granules = new ArrayList<>();
      for (int from = 0; from < rows.rows(); from += Batch.MAX_ROWS) {
        int count = Math.min(Batch.MAX_ROWS, rows.rows() - from);
        int[] picked = new int[count];
        Arrays.setAll(picked, i -> i);
        List<Vector> columns = new ArrayList<>();
        for (Vector column : rows.columns()) {
          Vector slice = VectorOps.slice(column, from, count, memory);
          Vector flat = VectorOps.flatten(slice, memory);
          columns.add(VectorOps.gather(flat, picked, count, memory));
        }
        granules.add(new Batch(count, columns));
      }
      return new MemoryPart(draft, layout, granules, memory);
    } catch (RuntimeException | Error e) {
      memory.close();
      throw e;
    }
  }

  private SparseIndex buildIndex() {
    KeyEncoder encoder = layout.keyEncoder();
    int[] keyColumns = layout.keyIndexes();
    byte[][] keys = new byte[granules.size() + 1][];
    int[] offsets = new int[keys.length + 1];
    for (int i = 0; i < keys.length; i++) {
      Batch granule = granules.get(Math.min(i, granules.size() - 1));
      List<Vector> key = new ArrayList<>();
      for (int column : keyColumns) {
        key.add(granule.column(column));
      }
      keys[i] = encoder.encode(key, i < granules.size() ? 0 : granule.rows() - 1);
      offsets[i + 1] = offsets[i] + keys[i].length;
    }
    byte[] all = new byte[offsets[keys.length]];
    for (int i = 0; i < keys.length; i++) {
      System.arraycopy(keys[i], 0, all, offsets[i], keys[i].length);
    }
    return SparseIndex.of(all, offsets);
  }

  /// Takes one more reference; each is given back by [#close]. False when the memory is gone.
  public boolean retain() {
    int count = references.get();
    while (count > 0) {
      if (references.compareAndSet(count, count + 1)) {
        return true;
      }
      count = references.get();
    }
    return false;
  }

  /// Gives one reference back.
  @Override
  public void close() {
    int left = references.decrementAndGet();
    if (left < 0) {
      throw new IllegalStateException(info.name() + " in memory was closed too often");
    }
    if (left == 0) {
      memory.close();
    }
  }

  /// The rows of a granule, all columns in the order of the layout. They live as long as the run.
  public Batch granule(int granule) {
    return granules.get(granule);
  }

  public PartLayout layout() {
    return layout;
  }

  @Override
  public PartInfo info() {
    return info;
  }

  @Override
  public List<ColumnDefinition> columns() {
    return layout.columns();
  }

  @Override
  public boolean hasColumn(String name) {
    return positions.containsKey(name);
  }

  @Override
  public int granules() {
    return granules.size();
  }

  @Override
  public int granuleRows(int granule) {
    return granules.get(granule).rows();
  }

  @Override
  public long granuleFirstRow(int granule) {
    return firstRows[granule];
  }

  @Override
  public byte[] firstKey(int granule) {
    return index.firstKey(granule);
  }

  @Override
  public byte[] lastKey() {
    return index.lastKey();
  }

  @Override
  public SparseIndex index() {
    return index;
  }

  @Override
  public ColumnStats stats(String column, int granule) {
    Integer position = positions.get(column);
    if (position == null) {
      return null;
    }
    int slot = position * granules.size() + granule;
    ColumnStats known = stats.get(slot);
    if (known == null) {
      known = collect(granules.get(granule).column(position));
      stats.set(slot, known);
    }
    return known;
  }

  /// Computed at the first question: most runs are gone before anyone asks.
  private ColumnStats collect(Vector rows) {
    try (Scratch temporary = new Scratch(memory.allocator())) {
      return new StatsCollector().collect(rows, 0, rows.rows(), temporary);
    }
  }

  @Override
  public ColumnBytes columnBytes(String column) {
    int position = layout.indexOf(column);
    long held = 0;
    for (Batch granule : granules) {
      held += RowBytes.of(granule.column(position), 0, granule.rows());
    }
    return new ColumnBytes(held, held, 0);
  }

  @Override
  public PartReader open(List<String> columns, BufferAllocator allocator) {
    int[] wanted = columns.stream().mapToInt(layout::indexOf).toArray();
    if (!retain()) {
      throw new IllegalStateException(info.name() + " in memory is closed");
    }
    return new PartReader() {
      private Batch current;
      private boolean closed;

      @Override
      public void seek(int granule) {
        current = granules.get(granule);
      }

      @Override
      public Vector read(int column) {
        return current.column(wanted[column]);
      }

      @Override
      public void close() {
        if (!closed) {
          closed = true;
          MemoryPart.this.close();
        }
      }
    };
  }
}
