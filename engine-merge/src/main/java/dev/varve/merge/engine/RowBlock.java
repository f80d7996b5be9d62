// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;

/// Rows of an insert as they came, with everything that is computed from them, until there are
/// enough to sort. Owns its memory. One thread at a time.
final class RowBlock implements AutoCloseable {
  private final TableShape shape;
  private final Scratch memory;
  private final Scratch temporary;
  private final List<List<Vector>> batches = new ArrayList<>();
  private final PartitionValues partitions = new PartitionValues();
  private int[] partitionNumbers = new int[0];
  private int rows;

  RowBlock(TableShape shape, BufferAllocator allocator) {
    this.shape = shape;
    this.memory = new Scratch(allocator);
    this.temporary = new Scratch(allocator);
  }

  TableShape shape() {
    return shape;
  }

  /// Copies the rows of a batch of the insert columns.
  void add(Batch batch) {
    List<Vector> stored = shape.stored(batch, temporary);
    if (shape.isPartitioned()) {
      List<Vector> key = shape.partitionKey(batch, stored, temporary);
      partitionNumbers = Arrays.copyOf(partitionNumbers, rows + batch.rows());
      partitions.number(key, batch.rows(), partitionNumbers, rows);
    }
    List<Vector> copies = new ArrayList<>(stored.size());
    for (int i = 0; i < stored.size(); i++) {
      DataType type = shape.layout().columns().get(i).type();
      copies.add(copy(TableShape.asStored(stored.get(i), type, temporary)));
    }
    batches.add(copies);
    rows += batch.rows();
    temporary.reset();
  }

  /// Takes the rows of a block of the same shape, which must live as long as this one.
  void addAll(RowBlock other) {
    if (shape.isPartitioned()) {
      partitionNumbers = Arrays.copyOf(partitionNumbers, rows + other.rows);
      for (int row = 0; row < other.rows; row++) {
        String partition = other.partitions.text(other.partitionNumbers[row]);
        partitionNumbers[rows + row] = partitions.number(partition);
      }
    }
    batches.addAll(other.batches);
    rows += other.rows;
  }

  private Vector copy(Vector vector) {
    // Flattening copies; a flat vector is handed through by it and needs a copy of its own.
    return vector.isFlat()
        ? VectorOps.concat(List.of(vector), memory)
        : VectorOps.flatten(vector, memory);
  }

  int rows() {
    return rows;
  }

  /// Bytes held.
  long bytes() {
    return memory.capacity();
  }

  /// All rows of a stored column in the order they came, flat.
  Vector column(int index, Scratch scratch) {
    if (batches.size() == 1) {
      return batches.getFirst().get(index);
    }
    return VectorOps.concat(batches.stream().map(batch -> batch.get(index)).toList(), scratch);
  }

  /// Hands on the rows `[from, to)` of a stored column in the order they came, in pieces.
  void pieces(int index, int from, int to, Scratch scratch, Consumer<Vector> taker) {
    int start = 0;
    for (List<Vector> batch : batches) {
      Vector whole = batch.get(index);
      int first = Math.max(from, start);
      int count = Math.min(to, start + whole.rows()) - first;
      if (count > 0) {
        taker.accept(VectorOps.slice(whole, first - start, count, scratch));
      }
      start += whole.rows();
    }
  }

  /// The stored columns without `_seq`, batch by batch. They live as long as this block.
  List<Batch> batches() {
    return batches.stream().map(b -> new Batch(b.getFirst().rows(), b)).toList();
  }

  int storedColumns() {
    return shape.layout().columns().size() - 1;
  }

  int partitions() {
    return shape.isPartitioned() ? partitions.count() : 1;
  }

  /// How many sequences the rows need. One does for all where rows of a key lie in one partition:
  /// there the order of rows is kept. Else only a sequence of its own says which row came later.
  int sequences() {
    boolean oneWillDo =
        partitions() == 1
            || !shape.layout().rule().collapsesKeys()
            || shape.layout().partitionsIndependent();
    return oneWillDo ? 1 : rows;
  }

  String partition(int number) {
    return shape.isPartitioned() ? partitions.text(number) : PartitionValues.ALL;
  }

  /// The rows of each partition, ascending.
  int[][] rowsByPartition() {
    int[][] picked = new int[partitions()][];
    if (picked.length == 1) {
      picked[0] = new int[rows];
      Arrays.setAll(picked[0], i -> i);
      return picked;
    }
    int[] counts = new int[picked.length];
    for (int row = 0; row < rows; row++) {
      counts[partitionNumbers[row]]++;
    }
    for (int p = 0; p < picked.length; p++) {
      picked[p] = new int[counts[p]];
    }
    int[] at = new int[picked.length];
    for (int row = 0; row < rows; row++) {
      int p = partitionNumbers[row];
      picked[p][at[p]++] = row;
    }
    return picked;
  }

  @Override
  public void close() {
    temporary.close();
    memory.close();
  }
}
