// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.storage.part.MemoryPart;
import dev.varve.storage.part.Part;
import java.util.ArrayList;
import java.util.List;
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

  private static final long LEAST_ROWS_STORED = 100_000;

  private final Map<Part, Map<Part, int[]>> facts = new WeakHashMap<>();
  private final PairArchive archive;
  private final boolean shared;

  /// @param archive keeps facts of parts on disk
  /// @param shared whether facts are shared keys, else beaten rows
  PairFacts(PairArchive archive, boolean shared) {
    this.archive = archive;
    this.shared = shared;
  }

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

  /// Loads what the archive has of a pair. False if it has nothing.
  boolean load(Part part, Part other) {
    Part younger = part.info().id() > other.info().id() ? part : other;
    Part older = younger == part ? other : part;
    if (!isStorable(younger, older)) {
      return false;
    }
    byte[] file = archive.load(younger.info().id(), older.info().id());
    PairLayout.Rows rows =
        file == null
            ? null
            : PairLayout.read(
                file,
                younger.info().id(),
                older.info().id(),
                shared,
                younger.info().rows(),
                older.info().rows());
    if (rows != null) {
      put(younger, older, rows.younger(), rows.older());
    }
    return rows != null;
  }

  /// A pair that is worth a file.
  record Storable(Part younger, Part older, PairLayout.Rows rows) {}

  /// What is known of these parts and not in the archive yet.
  List<Storable> storable(List<Part> parts) {
    List<Storable> storable = new ArrayList<>();
    for (Part younger : parts) {
      for (Part older : parts) {
        if (older.info().id() < younger.info().id()
            && isStorable(younger, older)
            && !archive.holds(younger.info().id(), older.info().id())) {
          int[] ofYounger = of(younger, older);
          int[] ofOlder = of(older, younger);
          if (ofYounger != null && ofOlder != null) {
            storable.add(new Storable(younger, older, new PairLayout.Rows(ofYounger, ofOlder)));
          }
        }
      }
    }
    return storable;
  }

  /// Runs in memory go soon, and what is found at once needs no file.
  private static boolean isStorable(Part younger, Part older) {
    return !(younger instanceof MemoryPart)
        && !(older instanceof MemoryPart)
        && younger.info().rows() + older.info().rows() >= LEAST_ROWS_STORED
        && CollisionFinder.overlap(younger, older);
  }

  void store(Storable pair) {
    long younger = pair.younger().info().id();
    long older = pair.older().info().id();
    archive.store(younger, older, PairLayout.write(younger, older, shared, pair.rows()));
  }
}
