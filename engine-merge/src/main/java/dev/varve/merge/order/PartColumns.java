// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// The wanted columns of one part, with stand-ins for those it does not store.
final class PartColumns implements AutoCloseable {
  private static final int ABSENT = -1;

  private final Part part;
  private final List<RowGather.Wanted> wanted;
  private final int[] indexes;
  private final PartReader reader;
  private final Vector[] standIns;
  private final Scratch standInMemory;
  private int granule = -1;

  PartColumns(Part part, List<RowGather.Wanted> wanted, BufferAllocator allocator) {
    this.part = part;
    this.wanted = wanted;
    this.indexes = new int[wanted.size()];
    List<String> stored = new ArrayList<>();
    for (int c = 0; c < indexes.length; c++) {
      String name = wanted.get(c).column().name();
      String source = part.hasColumn(name) ? name : wanted.get(c).fallback();
      if (source == null || !part.hasColumn(source)) {
        indexes[c] = ABSENT;
        continue;
      }
      if (!stored.contains(source)) {
        stored.add(source);
      }
      indexes[c] = stored.indexOf(source);
    }
    this.reader = part.open(stored, allocator);
    this.standIns = new Vector[indexes.length];
    this.standInMemory = new Scratch(allocator);
  }

  /// The granule that holds a row of the part.
  int granuleOf(int row) {
    int low = 0;
    int high = part.granules() - 1;
    if (granule >= 0 && part.granuleFirstRow(granule) <= row) {
      low = granule;
      if (row < part.granuleFirstRow(granule) + part.granuleRows(granule)) {
        return granule;
      }
    }
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (part.granuleFirstRow(middle) <= row) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private void seek(int wantedGranule) {
    if (granule != wantedGranule) {
      granule = wantedGranule;
      reader.seek(granule);
      Arrays.fill(standIns, null);
      standInMemory.reset();
    }
  }

  private Vector read(int column, Scratch scratch) {
    DataType type = wanted.get(column).column().type();
    if (indexes[column] == ABSENT) {
      VectorBuilder single = new VectorBuilder(type, scratch);
      if (type.isNullable()) {
        single.appendNull();
      } else {
        single.appendDefault();
      }
      return Vector.constant(type, part.granuleRows(granule), single.build());
    }
    Vector vector = reader.read(indexes[column]);
    if (vector.physical() == type.physical() || vector.type().equals(type)) {
      return vector.as(type);
    }
    // A stand-in of another width: the sign for the balance, for one. Widened once for a granule.
    if (standIns[column] == null) {
      standIns[column] = VectorOps.widen(vector, type.physical(), standInMemory).as(type);
    }
    return standIns[column];
  }

  /// A run of rows inside one granule, without copying where the bytes lie as they must.
  List<Vector> slice(int inGranule, int firstRow, int count, Scratch scratch) {
    seek(inGranule);
    int from = firstRow - Math.toIntExact(part.granuleFirstRow(inGranule));
    List<Vector> vectors = new ArrayList<>(indexes.length);
    for (int c = 0; c < indexes.length; c++) {
      vectors.add(VectorOps.slice(read(c, scratch), from, count, scratch));
    }
    return vectors;
  }

  /// Puts rows `rows[from, to)` of the part, which ascend, to their positions. Changes `rows`.
  void put(int[] rows, int[] positions, int from, int to, ColumnStage[] stages, Scratch scratch) {
    int at = from;
    while (at < to) {
      int next = granuleOf(rows[at]);
      if (at > from && next != granule) {
        for (ColumnStage stage : stages) {
          stage.detach();
        }
      }
      seek(next);
      int first = Math.toIntExact(part.granuleFirstRow(granule));
      int end = first + part.granuleRows(granule);
      int until = at;
      while (until < to && rows[until] < end) {
        rows[until++] -= first;
      }
      for (int c = 0; c < stages.length; c++) {
        stages[c].put(read(c, scratch), rows, positions, at, until);
      }
      at = until;
    }
  }

  @Override
  public void close() {
    reader.close();
    standInMemory.close();
  }
}
