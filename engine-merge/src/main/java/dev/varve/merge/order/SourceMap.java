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

  /// The same rows, of sources that have other numbers.
  public SourceMap renamed(int[] numbers) {
    SourceMap map = new SourceMap(size);
    for (int i = 0; i < size; i++) {
      map.sources[i] = numbers[sources[i]];
    }
    System.arraycopy(rows, 0, map.rows, 0, size);
    map.size = size;
    return map;
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

  /// Rows that are left, and the groups of them that are.
  public record Filtered(SourceMap rows, KeyGroups groups) {}

  /// Tells of a row.
  @FunctionalInterface
  public interface RowTest {
    boolean test(int source, int row);
  }

  /// The rows that are not unwanted.
  public Filtered without(KeyGroups groups, RowTest unwanted) {
    SourceMap left = new SourceMap(size);
    int[] starts = new int[groups.count() + 1];
    int count = 0;
    for (int g = 0; g < groups.count(); g++) {
      starts[count] = left.size;
      for (int i = groups.start(g); i < groups.end(g); i++) {
        if (!unwanted.test(sources[i], rows[i])) {
          left.add(sources[i], rows[i]);
        }
      }
      count += left.size > starts[count] ? 1 : 0;
    }
    starts[count] = left.size;
    return new Filtered(left, new KeyGroups(starts, count));
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
