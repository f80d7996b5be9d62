// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.storage.part.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/// What is known of pairs of parts. Parts never change, so neither does a pair; it is forgotten
/// with either part. Not safe for threads.
///
/// @param <T> what a pair is: a pure function of the two parts. It must not refer to them
final class PairStore<T> {
  /// Above this many rows, walking all parts at once costs less for each than leaping pair by pair
  /// (measured: 35 ns a row of the walk; 5 ns a row for a pair of a size; 150 ns for a leap).
  private static final long WALK_NANOS = 35;

  private static final long STEP_NANOS = 6;
  private static final long LEAP_NANOS = 150;

  private final CollisionFinder finder;
  private final Map<Part, Map<Part, T>> pairs = new WeakHashMap<>();

  PairStore(CollisionFinder finder) {
    this.finder = finder;
  }

  /// The pair of an earlier and a later part; [#fill] has seen them.
  T get(Part earlier, Part later) {
    Map<Part, T> row = pairs.get(earlier);
    return row == null ? null : row.get(later);
  }

  /// Makes the missing pairs of parts whose key ranges overlap.
  ///
  /// @param parts in the order in which ties are decided
  /// @param evaluate turns the collisions of an earlier and a later part into a pair
  void fill(List<Part> parts, Evaluation<T> evaluate) {
    List<int[]> missing = new ArrayList<>();
    for (int j = 1; j < parts.size(); j++) {
      for (int i = 0; i < j; i++) {
        Part earlier = parts.get(i);
        Part later = parts.get(j);
        if (get(earlier, later) == null && CollisionFinder.overlap(earlier, later)) {
          missing.add(new int[] {i, j});
        }
      }
    }
    if (missing.isEmpty()) {
      return;
    }
    if (isWalkCheaper(parts, missing)) {
      walk(parts, missing, evaluate);
    } else {
      for (int[] pair : missing) {
        Part earlier = parts.get(pair[0]);
        Part later = parts.get(pair[1]);
        put(earlier, later, evaluate.of(earlier, later, finder.between(earlier, later)));
      }
    }
  }

  /// Makes pairs.
  interface Evaluation<T> {
    /// @param collisions the keys that the parts share
    T of(Part earlier, Part later, Collisions collisions);

    /// Makes many pairs at once.
    ///
    /// @param parts in the order in which ties are decided
    Walk<T> walk(List<Part> parts);
  }

  /// Pairs in the making, while all parts are walked over.
  interface Walk<T> extends CollisionFinder.Shared, AutoCloseable {
    /// What became of parts i < j of the list.
    T pair(int i, int j);

    @Override
    void close();
  }

  private static boolean isWalkCheaper(List<Part> parts, List<int[]> missing) {
    long pairwise = 0;
    long walked = 0;
    boolean[] involved = new boolean[parts.size()];
    for (int[] pair : missing) {
      long a = parts.get(pair[0]).info().rows();
      long b = parts.get(pair[1]).info().rows();
      pairwise += Math.min(Math.min(a, b) * LEAP_NANOS, (a + b) * STEP_NANOS);
      involved[pair[0]] = true;
      involved[pair[1]] = true;
    }
    for (int i = 0; i < involved.length; i++) {
      walked += involved[i] ? parts.get(i).info().rows() * WALK_NANOS : 0;
    }
    return walked < pairwise;
  }

  private void walk(List<Part> parts, List<int[]> missing, Evaluation<T> evaluate) {
    List<Integer> involved = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      int index = i;
      if (missing.stream().anyMatch(p -> p[0] == index || p[1] == index)) {
        involved.add(i);
      }
    }
    List<Part> walked = involved.stream().map(parts::get).toList();
    try (Walk<T> walk = evaluate.walk(walked)) {
      finder.among(walked, walk);
      for (int[] pair : missing) {
        put(
            parts.get(pair[0]),
            parts.get(pair[1]),
            walk.pair(involved.indexOf(pair[0]), involved.indexOf(pair[1])));
      }
    }
  }

  private void put(Part earlier, Part later, T pair) {
    pairs.computeIfAbsent(earlier, _ -> new WeakHashMap<>()).put(later, pair);
  }
}
