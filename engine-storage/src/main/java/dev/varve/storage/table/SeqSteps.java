// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Steps of all log partitions of a table. Not safe for threads.
public final class SeqSteps {
  private final TreeMap<Integer, TreeMap<Long, Long>> bases = new TreeMap<>();

  public static SeqSteps of(List<SeqStep> steps) {
    SeqSteps all = new SeqSteps();
    steps.forEach(all::put);
    return all;
  }

  /// Adds a step. Where two begin at one offset, the greater base is the later one and holds.
  public void put(SeqStep step) {
    bases
        .computeIfAbsent(step.partition(), p -> new TreeMap<>())
        .merge(step.from(), step.base(), Math::max);
  }

  /// What a row at this offset adds to its offset times the stride; 0 before the first step.
  public long base(int partition, long offset) {
    TreeMap<Long, Long> steps = bases.get(partition);
    Map.Entry<Long, Long> step = steps == null ? null : steps.floorEntry(offset);
    return step == null ? 0 : step.getValue();
  }

  /// The first offset above this one from which another base holds, or `Long.MAX_VALUE`.
  public long nextChange(int partition, long offset) {
    TreeMap<Long, Long> steps = bases.get(partition);
    Long next = steps == null ? null : steps.higherKey(offset);
    return next == null ? Long.MAX_VALUE : next;
  }

  public List<SeqStep> list() {
    List<SeqStep> list = new ArrayList<>();
    bases.forEach((partition, steps) ->
        steps.forEach((from, base) -> list.add(new SeqStep(partition, from, base))));
    return List.copyOf(list);
  }

  /// Forgets steps that no row at or above these offsets needs.
  public void prune(Map<Integer, Long> offsets) {
    bases.forEach((partition, steps) -> {
      Long needed = steps.floorKey(offsets.getOrDefault(partition, 0L));
      if (needed != null) {
        steps.headMap(needed).clear();
      }
    });
  }

  static List<SeqStep> pruned(List<SeqStep> steps, Map<Integer, Long> offsets) {
    SeqSteps all = of(steps);
    all.prune(offsets);
    return all.list();
  }
}
