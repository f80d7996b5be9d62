// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.KeyGroups;
import dev.varve.merge.order.RowList;
import dev.varve.merge.order.SourceMap;
import dev.varve.merge.rule.MergeRule;
import dev.varve.merge.rule.RowLayout;
import dev.varve.storage.part.Part;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Finds out what is not known yet of pairs of parts. Not safe for threads.
final class PairResolver {
  /// Above this many rows, going over all parts at once costs less for each than leaping pair by
  /// pair (measured: 15 ns a row of the walk; 5 ns a row for a pair of a size; 150 ns for a leap).
  private static final long WALK_NANOS = 15;

  private static final long STEP_NANOS = 6;
  private static final long LEAP_NANOS = 150;

  private final RowLayout layout;
  private final CollisionFinder finder;
  private final PairFacts facts;
  private final BufferAllocator allocator;
  private long compared;

  PairResolver(
      RowLayout layout, CollisionFinder finder, PairFacts facts, BufferAllocator allocator) {
    this.layout = layout;
    this.finder = finder;
    this.facts = facts;
    this.allocator = allocator;
  }

  /// Pairs of parts whose keys were compared so far.
  long compared() {
    return compared;
  }

  /// Two parts by their places in a list, the earlier first.
  record Pair(int earlier, int later) {}

  /// Pairs of which nothing is known though their ranges of keys overlap.
  ///
  /// @param parts in the order in which ties are decided
  /// @param fresh of each pair, at least one of the parts is among these
  List<Pair> missing(List<Part> parts, boolean[] fresh) {
    List<Pair> missing = new ArrayList<>();
    for (int later = 1; later < parts.size(); later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        if ((fresh[earlier] || fresh[later])
            && facts.of(parts.get(earlier), parts.get(later)) == null
            && !facts.load(parts.get(earlier), parts.get(later))) {
          missing.add(new Pair(earlier, later));
        }
      }
    }
    return missing;
  }

  /// @param families also takes the keys that parts share, if they come in one pass over all parts;
  ///   null if nobody wants them
  /// @return whether `families` was given all keys that the parts share
  boolean resolve(List<Part> parts, List<Pair> missing, CollisionFinder.Shared families) {
    compared += missing.size();
    if (isWalkCheaper(parts, missing)) {
      return walk(parts, missing, families);
    }
    missing.forEach(pair -> compare(parts, pair));
    return false;
  }

  /// The two parts, the earlier first, that are best compared next by themselves; none where
  /// nothing is missing, or a walk over many parts is cheaper.
  List<Part> next(List<Part> parts, List<Pair> missing) {
    return missing.isEmpty() || isWalkCheaper(parts, missing)
        ? List.of()
        : both(parts, missing.getFirst());
  }

  private static List<Part> both(List<Part> parts, Pair pair) {
    return List.of(parts.get(pair.earlier), parts.get(pair.later));
  }

  private void compare(List<Part> parts, Pair pair) {
    try (Findings found = compare(both(parts, pair))) {
      found.keep();
    }
  }

  /// Compares two parts, the earlier first. Any thread may do that at any time; what is found is
  /// known only when it is kept.
  Findings compare(List<Part> both) {
    Findings found = new Findings(both, List.of(new Pair(0, 1)));
    try {
      finder.between(both.getFirst(), both.getLast(), found);
    } catch (RuntimeException | Error failed) {
      found.close();
      throw failed;
    }
    return found;
  }

  /// Keeps what one comparison found.
  void keep(Findings found) {
    compared++;
    found.keep();
  }

  private static boolean isWalkCheaper(List<Part> parts, List<Pair> missing) {
    if (missing.size() < 3) {
      return false;
    }
    long pairwise = 0;
    long walked = 0;
    boolean[] involved = involved(parts, missing);
    for (Pair pair : missing) {
      long a = parts.get(pair.earlier).info().rows();
      long b = parts.get(pair.later).info().rows();
      pairwise += Math.min(Math.min(a, b) * LEAP_NANOS, (a + b) * STEP_NANOS);
    }
    for (int i = 0; i < involved.length; i++) {
      walked += involved[i] ? parts.get(i).info().rows() * WALK_NANOS : 0;
    }
    return walked < pairwise;
  }

  private static boolean[] involved(List<Part> parts, List<Pair> missing) {
    boolean[] involved = new boolean[parts.size()];
    for (Pair pair : missing) {
      involved[pair.earlier] = true;
      involved[pair.later] = true;
    }
    return involved;
  }

  private boolean walk(List<Part> parts, List<Pair> missing, CollisionFinder.Shared families) {
    boolean[] involved = involved(parts, missing);
    List<Part> walked = new ArrayList<>();
    int[] places = new int[parts.size()];
    int[] back = new int[parts.size()];
    for (int i = 0; i < involved.length; i++) {
      places[i] = walked.size();
      if (involved[i]) {
        back[walked.size()] = i;
        walked.add(parts.get(i));
      }
    }
    List<Pair> wanted =
        missing.stream().map(p -> new Pair(places[p.earlier], places[p.later])).toList();
    boolean complete = families != null && nothingKnown(parts, missing);
    try (Findings found = new Findings(walked, wanted)) {
      finder.among(
          walked,
          (map, groups) -> {
            found.take(map, groups);
            if (complete) {
              families.take(map.renamed(back), groups);
            }
          });
      found.keep();
    }
    return complete;
  }

  /// Whether all parts that overlap are among the missing pairs, so that a walk meets every key
  /// that is shared.
  private static boolean nothingKnown(List<Part> parts, List<Pair> missing) {
    int overlapping = 0;
    for (int later = 1; later < parts.size(); later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        overlapping += CollisionFinder.overlap(parts.get(earlier), parts.get(later)) ? 1 : 0;
      }
    }
    return overlapping == missing.size();
  }

  /// Facts in the making.
  final class Findings implements CollisionFinder.Shared, AutoCloseable {
    private final List<Part> parts;
    private final List<Pair> wanted;
    private final RowList[][] found;
    private final Judge judge;

    Findings(List<Part> parts, List<Pair> wanted) {
      this.parts = parts;
      this.wanted = wanted;
      this.found = new RowList[parts.size()][parts.size()];
      for (Pair pair : wanted) {
        found[pair.earlier][pair.later] = new RowList();
        found[pair.later][pair.earlier] = new RowList();
      }
      this.judge =
          layout.rule() instanceof MergeRule.Replacing ? new Judge(layout, parts, allocator) : null;
    }

    @Override
    public void take(SourceMap map, KeyGroups groups) {
      if (judge != null) {
        judge.look(map);
      }
      for (int g = 0; g < groups.count(); g++) {
        for (int a = groups.start(g); a + 1 < groups.end(g); a++) {
          for (int b = a + 1; b < groups.end(g); b++) {
            meet(map, a, b);
          }
        }
      }
    }

    private void meet(SourceMap map, int a, int b) {
      RowList ofEarlier = found[map.source(a)][map.source(b)];
      if (ofEarlier == null) {
        return; // known before
      }
      boolean laterWins = judge == null || judge.isBelow(map, a, b);
      if (laterWins) {
        ofEarlier.add(map.row(a));
      }
      if (judge == null || !laterWins) {
        found[map.source(b)][map.source(a)].add(map.row(b));
      }
    }

    private void keep() {
      for (Pair pair : wanted) {
        facts.put(
            parts.get(pair.earlier),
            parts.get(pair.later),
            found[pair.earlier][pair.later].toArray(),
            found[pair.later][pair.earlier].toArray());
      }
    }

    @Override
    public void close() {
      if (judge != null) {
        judge.close();
      }
    }
  }
}
