// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.vector.Scratch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Grouping sets whose keys another set holds too. Their groups are made of that set's groups,
/// which are mostly far fewer than the rows: a ROLLUP of four keys takes each row once instead of
/// five times.
///
/// What DISTINCT has seen cannot be added to twice, so with such a call every set takes rows.
final class CoarserSets {
  private final List<List<Integer>> sets;
  // Those of more keys first.
  private final List<Integer> order;
  // For each set the one that takes rows for it; itself where none holds its keys.
  private final int[] roots;

  CoarserSets(HashAggregate plan) {
    sets = plan.sets();
    order =
        IntStream.range(0, sets.size())
            .boxed()
            .sorted(Comparator.comparing(set -> -sets.get(set).size()))
            .toList();
    roots = IntStream.range(0, sets.size()).toArray();
    if (plan.calls().stream().noneMatch(AggregateCall::distinct)) {
      for (int set : order) {
        roots[set] = finer(set).stream().filter(this::takesRows).findFirst().orElse(set);
      }
    }
  }

  /// Whether the groups of a set are made of rows.
  boolean takesRows(int set) {
    return roots[set] == set;
  }

  // Those before a set that hold its keys.
  private List<Integer> finer(int set) {
    List<Integer> finer = new ArrayList<>();
    for (int other : order.subList(0, order.indexOf(set))) {
      if (sets.get(other).containsAll(sets.get(set))) {
        finer.add(other);
      }
    }
    return finer;
  }

  /// Makes the groups of all sets for which a set takes rows, each of the fewest groups there are.
  ///
  /// @param groups of one worker, by set
  /// @return the sets that were made
  List<Integer> derive(int root, List<WorkerGroups> groups, Scratch scratch) {
    List<Integer> made = new ArrayList<>();
    for (int set : order) {
      if (set == root || roots[set] != root) {
        continue;
      }
      int from =
          finer(set).stream()
              .filter(other -> roots[other] == root)
              .min(Comparator.comparing(other -> groups.get(other).size()))
              .orElseThrow();
      List<Integer> places = sets.get(set).stream().map(sets.get(from)::indexOf).toList();
      groups.get(set).addGroups(groups.get(from), places, scratch);
      made.add(set);
    }
    return made;
  }
}
