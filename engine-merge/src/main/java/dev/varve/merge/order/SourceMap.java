// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import java.util.Arrays;

/// Says for each row of an output where it comes from: the source, and the row's number in it.
public final class SourceMap {
  private int[] sources;
  private int[] rows;
  private int size;

  public SourceMap(int capacity) {
    sources = new int[capacity];
    rows = new int[capacity];
  }

  public int size() {
    return size;
  }

  public int source(int i) {
    return sources[i];
  }

  public int row(int i) {
    return rows[i];
  }

  public void clear() {
    size = 0;
  }

  public void add(int source, int row) {
    reserve(1);
    sources[size] = source;
    rows[size++] = row;
  }

  /// Adds rows that follow each other.
  public void addRun(int source, int row, int count) {
    reserve(count);
    Arrays.fill(sources, size, size + count, source);
    for (int i = 0; i < count; i++) {
      rows[size + i] = row + i;
    }
    size += count;
  }

  private void reserve(int more) {
    if (size + more > sources.length) {
      int capacity = Math.max(sources.length * 2, size + more);
      sources = Arrays.copyOf(sources, capacity);
      rows = Arrays.copyOf(rows, capacity);
    }
  }

  /// The rows picked, in their order.
  public SourceMap pick(int[] picked, int count) {
    SourceMap map = new SourceMap(count);
    for (int i = 0; i < count; i++) {
      map.sources[i] = sources[picked[i]];
      map.rows[i] = rows[picked[i]];
    }
    map.size = count;
    return map;
  }

  /// Whether all rows follow each other in one source.
  public boolean isOneRun() {
    for (int i = 1; i < size; i++) {
      if (sources[i] != sources[0] || rows[i] != rows[0] + i) {
        return false;
      }
    }
    return size > 0;
  }
}
