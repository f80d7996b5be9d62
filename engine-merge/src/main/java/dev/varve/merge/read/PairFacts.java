// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.storage.part.Part;
import java.util.Map;
import java.util.WeakHashMap;

/// What is known of pairs of parts, told from the side of either: ascending rows of the one that
/// concern the other. Parts never change, so neither does a fact; it is forgotten with either part.
/// Not safe for threads.
///
/// Under Replacing these are the rows that the other part beats. Under the other rules they are the
/// rows whose key the other part holds too, and row `i` of the one side has the key of row `i` of
/// the other.
final class PairFacts {
  private static final int[] NOTHING = {};

  private final Map<Part, Map<Part, int[]>> facts = new WeakHashMap<>();

  /// The rows of a part that concern another, or null where nobody has found out yet.
  int[] of(Part part, Part other) {
    Map<Part, int[]> row = facts.get(part);
    int[] known = row == null ? null : row.get(other);
    return known == null && !CollisionFinder.overlap(part, other) ? NOTHING : known;
  }

  void put(Part part, Part other, int[] ofPart, int[] ofOther) {
    facts.computeIfAbsent(part, _ -> new WeakHashMap<>()).put(other, ofPart);
    facts.computeIfAbsent(other, _ -> new WeakHashMap<>()).put(part, ofOther);
  }
}
