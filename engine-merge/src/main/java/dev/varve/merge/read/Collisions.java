// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.KeyGroups;
import dev.varve.merge.order.SourceMap;
import dev.varve.storage.part.Part;
import java.util.Arrays;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/// The keys that two parts share: row `left(i)` of the one and row `right(i)` of the other have the
/// same key. Both ascend.
final class Collisions {
  private int[] left = new int[16];
  private int[] right = new int[16];
  private int count;

  void add(int leftRow, int rightRow) {
    if (count == left.length) {
      left = Arrays.copyOf(left, count * 2);
      right = Arrays.copyOf(right, count * 2);
    }
    left[count] = leftRow;
    right[count++] = rightRow;
  }

  int count() {
    return count;
  }

  int left(int i) {
    return left[i];
  }

  int right(int i) {
    return right[i];
  }

  /// Gives back what the arrays hold too much.
  Collisions trimmed() {
    left = Arrays.copyOf(left, count);
    right = Arrays.copyOf(right, count);
    return this;
  }

  /// Those of which neither row is deleted.
  ///
  /// @param leftDeleted may be null, as may the other
  Collisions without(RoaringBitmap leftDeleted, RoaringBitmap rightDeleted) {
    if (leftDeleted == null && rightDeleted == null) {
      return this;
    }
    Collisions kept = new Collisions();
    for (int i = 0; i < count; i++) {
      boolean gone =
          (leftDeleted != null && leftDeleted.contains(left[i]))
              || (rightDeleted != null && rightDeleted.contains(right[i]));
      if (!gone) {
        kept.add(left[i], right[i]);
      }
    }
    return kept.trimmed();
  }

  /// Keeps collisions as they are found.
  static PairStore.Evaluation<Collisions> evaluation() {
    return new PairStore.Evaluation<>() {
      @Override
      public Collisions of(Part earlier, Part later, Collisions collisions) {
        return collisions;
      }

      @Override
      public PairStore.Walk<Collisions> walk(List<Part> parts) {
        return new Walk(parts.size());
      }
    };
  }

  private static final class Walk implements PairStore.Walk<Collisions> {
    private final Collisions[][] pairs;

    Walk(int parts) {
      pairs = new Collisions[parts][parts];
      for (Collisions[] row : pairs) {
        Arrays.setAll(row, _ -> new Collisions());
      }
    }

    @Override
    public void take(SourceMap map, KeyGroups groups) {
      for (int g = 0; g < groups.count(); g++) {
        for (int a = groups.start(g); a + 1 < groups.end(g); a++) {
          for (int b = a + 1; b < groups.end(g); b++) {
            pairs[map.source(a)][map.source(b)].add(map.row(a), map.row(b));
          }
        }
      }
    }

    @Override
    public Collisions pair(int i, int j) {
      return pairs[i][j].trimmed();
    }

    @Override
    public void close() {}
  }
}
