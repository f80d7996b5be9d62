// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Half-open range of offsets of one log partition, `[from, to)`, whose records a part holds.
public record LogRange(int partition, long from, long to) {
  public LogRange {
    if (partition < 0 || from < 0 || to < from) {
      throw new IllegalArgumentException(
          "not a range of offsets: partition " + partition + ", " + from + " to " + to);
    }
  }

  /// The ranges in order, those of a partition that touch or overlap joined.
  public static List<LogRange> united(List<LogRange> ranges) {
    List<LogRange> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingInt(LogRange::partition).thenComparingLong(LogRange::from));
    List<LogRange> united = new ArrayList<>();
    for (LogRange range : sorted) {
      LogRange last = united.isEmpty() ? null : united.getLast();
      if (last != null && last.partition == range.partition && range.from <= last.to) {
        united.removeLast();
        united.add(new LogRange(last.partition, last.from, Math.max(last.to, range.to)));
      } else {
        united.add(range);
      }
    }
    return united;
  }
}
