// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.order.KeyGroups;
import dev.varve.storage.index.EncodedKeys;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.vector.Vector;
import java.util.Arrays;
import java.util.List;

/// The order of a block's rows by normalised sorting key, rows of equal keys as they came.
///
/// Rows are sorted by the first eight bytes of their keys, by radix; where those tie and are not
/// the whole key, the whole keys of the tied rows decide. Rows that came sorted cost one pass.
final class RowOrder {
  private static final int FEW = 16;

  private final int[] rows;
  private final boolean sorted;
  private final KeyGroups groups;

  private RowOrder(int[] rows, boolean sorted, KeyGroups groups) {
    this.rows = rows;
    this.sorted = sorted;
    this.groups = groups;
  }

  /// @param picked the rows to order, ascending; not changed
  static RowOrder of(KeyEncoder encoder, List<Vector> keys, int allRows, int[] picked) {
    long[] all = new long[allRows];
    encoder.prefixes(keys, allRows, all);
    int count = picked.length;
    long[] prefixes = count == allRows ? all : new long[count];
    if (count != allRows) {
      for (int i = 0; i < count; i++) {
        prefixes[i] = all[picked[i]];
      }
    }
    int[] rows = picked.clone();
    boolean sorted = isSorted(prefixes);
    if (!sorted) {
      RadixSort.sort(prefixes, rows);
    }
    int[] starts = new int[count + 1];
    if (encoder.isPrefixExact()) {
      return new RowOrder(rows, sorted, new KeyGroups(starts, cut(prefixes, starts)));
    }
    Ties ties = new Ties(encoder, keys, rows, starts);
    int groups = ties.resolve(prefixes);
    return new RowOrder(rows, sorted && !ties.moved, new KeyGroups(starts, groups));
  }

  /// The rows in order.
  int[] rows() {
    return rows;
  }

  /// Whether the rows came in order already.
  boolean isSorted() {
    return sorted;
  }

  /// Where the key changes along [#rows()].
  KeyGroups groups() {
    return groups;
  }

  private static boolean isSorted(long[] prefixes) {
    for (int i = 1; i < prefixes.length; i++) {
      if (Long.compareUnsigned(prefixes[i - 1], prefixes[i]) > 0) {
        return false;
      }
    }
    return true;
  }

  private static int cut(long[] prefixes, int[] starts) {
    int groups = 0;
    for (int i = 0; i < prefixes.length; i++) {
      if (i == 0 || prefixes[i] != prefixes[i - 1]) {
        starts[groups++] = i;
      }
    }
    starts[groups] = prefixes.length;
    return groups;
  }

  /// Rows whose prefixes are equal, put in the order of their whole keys.
  private static final class Ties {
    private final KeyEncoder encoder;
    private final List<Vector> keys;
    private final int[] rows;
    private final int[] starts;
    private int groups;
    private boolean moved;

    /// Keys of plain numbers are short and quickly made for all rows at once; else null.
    private EncodedKeys all;

    Ties(KeyEncoder encoder, List<Vector> keys, int[] rows, int[] starts) {
      this.encoder = encoder;
      this.keys = keys;
      this.rows = rows;
      this.starts = starts;
    }

    private record Keyed(byte[] key, int row) {}

    int resolve(long[] prefixes) {
      int from = 0;
      while (from < prefixes.length) {
        int to = from + 1;
        while (to < prefixes.length && prefixes[to] == prefixes[from]) {
          to++;
        }
        if (to - from == 1) {
          starts[groups++] = from;
        } else if (encoder.isOfNumbers()) {
          resolveNumbers(from, to);
        } else {
          resolve(from, to);
        }
        from = to;
      }
      starts[groups] = prefixes.length;
      return groups;
    }

    private void resolveNumbers(int from, int to) {
      if (all == null) {
        all = encoder.encodeAll(keys, keys.getFirst().rows());
      }
      if (!isInOrder(from, to)) {
        moved = true;
        sort(from, to);
      }
      for (int i = from; i < to; i++) {
        if (i == from || all.compare(rows[i - 1], rows[i]) != 0) {
          starts[groups++] = i;
        }
      }
    }

    private boolean isInOrder(int from, int to) {
      for (int i = from + 1; i < to; i++) {
        if (all.compare(rows[i - 1], rows[i]) > 0) {
          return false;
        }
      }
      return true;
    }

    /// Few rows one by one; many as keys of their own.
    private void sort(int from, int to) {
      if (to - from > FEW) {
        Integer[] tied = new Integer[to - from];
        Arrays.setAll(tied, i -> rows[from + i]);
        Arrays.sort(tied, all::compare); // stable
        for (int i = from; i < to; i++) {
          rows[i] = tied[i - from];
        }
        return;
      }
      for (int i = from + 1; i < to; i++) {
        int row = rows[i];
        int at = i;
        while (at > from && all.compare(rows[at - 1], row) > 0) {
          rows[at] = rows[--at];
        }
        rows[at] = row;
      }
    }

    private void resolve(int from, int to) {
      Keyed[] tied = new Keyed[to - from];
      boolean sorted = true;
      for (int i = 0; i < tied.length; i++) {
        tied[i] = new Keyed(encoder.encode(keys, rows[from + i]), rows[from + i]);
        sorted &= i == 0 || Arrays.compareUnsigned(tied[i - 1].key, tied[i].key) <= 0;
      }
      if (!sorted) {
        moved = true;
        Arrays.sort(tied, (a, b) -> Arrays.compareUnsigned(a.key, b.key)); // stable
      }
      for (int i = 0; i < tied.length; i++) {
        rows[from + i] = tied[i].row;
        if (i == 0 || !Arrays.equals(tied[i - 1].key, tied[i].key)) {
          starts[groups++] = from + i;
        }
      }
    }
  }
}
