// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.merge.order.KeyGroups;
import dev.varve.merge.order.RowGather;
import dev.varve.merge.order.SourceMap;
import dev.varve.storage.part.Part;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;

/// Finds rows of one sorting key that are equal in some columns: all but the first of them.
final class DuplicateRows implements AutoCloseable {
  private final RowGather gather;

  DuplicateRows(List<Part> parts, List<RowGather.Wanted> compared, BufferAllocator allocator) {
    this.gather = new RowGather(parts, compared, allocator);
  }

  /// The rows without their duplicates, each a group of its own.
  SourceMap.Filtered remove(SourceMap.Filtered rows, Scratch scratch) {
    KeyGroups groups = rows.groups();
    if (groups.isUnique()) {
      return rows;
    }
    BitSet duplicates = duplicates(groups, gather.gather(rows.rows(), scratch));
    SourceMap left = new SourceMap(rows.rows().size());
    for (int i = 0; i < rows.rows().size(); i++) {
      if (!duplicates.get(i)) {
        left.add(rows.rows().source(i), rows.rows().row(i));
      }
    }
    return new SourceMap.Filtered(left, KeyGroups.unique(left.size()));
  }

  private static BitSet duplicates(KeyGroups groups, List<Vector> columns) {
    BitSet duplicates = new BitSet();
    for (int g = 0; g < groups.count(); g++) {
      if (groups.size(g) > 1) {
        Set<Values> seen = new HashSet<>();
        for (int i = groups.start(g); i < groups.end(g); i++) {
          duplicates.set(i, !seen.add(Values.of(columns, i)));
        }
      }
    }
    return duplicates;
  }

  /// The values of a row, equal where all bytes are.
  private record Values(Object[] values) {
    static Values of(List<Vector> columns, int row) {
      Object[] values = new Object[columns.size()];
      for (int c = 0; c < values.length; c++) {
        values[c] = comparable(VectorValues.get(columns.get(c), row));
      }
      return new Values(values);
    }

    /// Lists as arrays, so that byte strings within compare by their bytes.
    private static Object comparable(Object value) {
      return value instanceof List<?> list
          ? list.stream().map(Values::comparable).toArray()
          : value;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Values(Object[] others) && Arrays.deepEquals(values, others);
    }

    @Override
    public int hashCode() {
      return Arrays.deepHashCode(values);
    }
  }

  @Override
  public void close() {
    gather.close();
  }
}
