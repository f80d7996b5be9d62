// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.part.Part;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Fetches rows of several parts, column by column, in the order of a [SourceMap]. Each granule is
/// decoded once as long as later maps go on where earlier ones ended. One thread.
public final class RowGather implements AutoCloseable {
  /// A column to fetch.
  ///
  /// @param fallback the column whose values stand for it in parts that do not store it, or null
  ///   for the default value of its type
  public record Wanted(ColumnDefinition column, String fallback) {}

  private final List<Wanted> wanted;
  private final List<PartColumns> sources = new ArrayList<>();

  public RowGather(List<Part> parts, List<Wanted> wanted, BufferAllocator allocator) {
    this.wanted = List.copyOf(wanted);
    try {
      for (Part part : parts) {
        sources.add(new PartColumns(part, this.wanted, allocator));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /// The rows, a vector for each wanted column. They live in the scratch, or in a reader until the
  /// next call.
  public List<Vector> gather(SourceMap map, Scratch scratch) {
    if (wanted.isEmpty()) {
      return List.of();
    }
    if (map.isOneRun()) {
      PartColumns source = sources.get(map.source(0));
      int granule = source.granuleOf(map.row(0));
      if (granule == source.granuleOf(map.row(map.size() - 1))) {
        return source.slice(granule, map.row(0), map.size(), scratch);
      }
    }
    ColumnStage[] stages = new ColumnStage[wanted.size()];
    for (int c = 0; c < stages.length; c++) {
      stages[c] = ColumnStage.of(wanted.get(c).column().type(), map.size(), scratch);
    }
    int[] starts = startsOfSources(map);
    int[] positions = new int[map.size()];
    int[] rows = new int[map.size()];
    int[] next = starts.clone();
    for (int i = 0; i < map.size(); i++) {
      int at = next[map.source(i)]++;
      positions[at] = i;
      rows[at] = map.row(i);
    }
    for (int s = 0; s < sources.size(); s++) {
      sortByRow(rows, positions, starts[s], starts[s + 1]);
    }
    for (int s = 0; s < sources.size(); s++) {
      sources.get(s).put(rows, positions, starts[s], starts[s + 1], stages, scratch);
    }
    List<Vector> vectors = new ArrayList<>(stages.length);
    for (ColumnStage stage : stages) {
      vectors.add(stage.finish());
    }
    return vectors;
  }

  /// Merges ask in ascending order; exact reads may not.
  private static void sortByRow(int[] rows, int[] positions, int from, int to) {
    boolean sorted = true;
    for (int i = from + 1; i < to; i++) {
      sorted &= rows[i - 1] <= rows[i];
    }
    if (sorted) {
      return;
    }
    long[] pairs = new long[to - from];
    for (int i = from; i < to; i++) {
      pairs[i - from] = (long) rows[i] << 32 | positions[i];
    }
    Arrays.sort(pairs);
    for (int i = from; i < to; i++) {
      rows[i] = (int) (pairs[i - from] >>> 32);
      positions[i] = (int) pairs[i - from];
    }
  }

  private int[] startsOfSources(SourceMap map) {
    int[] starts = new int[sources.size() + 1];
    for (int i = 0; i < map.size(); i++) {
      starts[map.source(i) + 1]++;
    }
    for (int s = 0; s < sources.size(); s++) {
      starts[s + 1] += starts[s];
    }
    return starts;
  }

  @Override
  public void close() {
    sources.forEach(PartColumns::close);
  }
}
