// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.SourceMap;
import dev.varve.storage.part.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/// The keys that more than one part holds, each with all its rows: the union of what pairs of parts
/// share. Families are numbered as they are found, not in the order of keys.
final class KeyFamilies {
  private final int[][] rows;
  private final int[][] families;
  private final PairStore<Collisions> pairs;
  private final Map<Part, RoaringBitmap> deleted;
  private int count;

  /// @param pairs for parts i < j of the list, what they share, or null
  /// @param deleted rows that belong to no family, of those parts that have any
  KeyFamilies(
      List<Part> parts, PairStore<Collisions> pairs, Map<Part, RoaringBitmap> deleted) {
    this.pairs = pairs;
    this.deleted = deleted;
    int size = parts.size();
    rows = new int[size][];
    families = new int[size][];
    for (int p = 0; p < size; p++) {
      rows[p] = collidingRows(parts, p);
      families[p] = new int[rows[p].length];
      Arrays.fill(families[p], -1);
      for (int earlier = 0; earlier < p; earlier++) {
        Collisions pair = pair(parts.get(earlier), parts.get(p));
        if (pair != null) {
          join(earlier, p, pair);
        }
      }
    }
  }

  private Collisions pair(Part earlier, Part later) {
    Collisions pair = pairs.get(earlier, later);
    return pair == null ? null : pair.without(deleted.get(earlier), deleted.get(later));
  }

  private int[] collidingRows(List<Part> parts, int part) {
    List<int[]> lists = new ArrayList<>();
    int total = 0;
    for (int other = 0; other < parts.size(); other++) {
      Collisions pair =
          other == part
              ? null
              : pair(parts.get(Math.min(other, part)), parts.get(Math.max(other, part)));
      if (pair != null && pair.count() > 0) {
        int[] list = new int[pair.count()];
        for (int i = 0; i < list.length; i++) {
          list[i] = part < other ? pair.left(i) : pair.right(i);
        }
        lists.add(list);
        total += list.length;
      }
    }
    int[] all = new int[total];
    int at = 0;
    for (int[] list : lists) {
      System.arraycopy(list, 0, all, at, list.length);
      at += list.length;
    }
    if (lists.size() > 1) {
      Arrays.sort(all);
    }
    int distinct = 0;
    for (int i = 0; i < total; i++) {
      if (i == 0 || all[i] != all[i - 1]) {
        all[distinct++] = all[i];
      }
    }
    return Arrays.copyOf(all, distinct);
  }

  /// Rows of both sides ascend, so one pass over each finds their places.
  private void join(int earlier, int later, Collisions pair) {
    int a = 0;
    int b = 0;
    for (int i = 0; i < pair.count(); i++) {
      while (rows[earlier][a] < pair.left(i)) {
        a++;
      }
      while (rows[later][b] < pair.right(i)) {
        b++;
      }
      if (families[earlier][a] < 0) {
        families[earlier][a] = count++;
      }
      families[later][b] = families[earlier][a];
    }
  }

  int count() {
    return count;
  }

  /// Rows of a part that share their key with another part's, ascending.
  int[] rows(int part) {
    return rows[part];
  }

  /// The family of each of [#rows].
  int[] families(int part) {
    return families[part];
  }

  /// One row of each family, by its number: the row of the first part that has one.
  SourceMap representatives() {
    int[] part = new int[count];
    int[] row = new int[count];
    Arrays.fill(part, -1);
    for (int p = 0; p < rows.length; p++) {
      for (int i = 0; i < rows[p].length; i++) {
        int family = families[p][i];
        if (part[family] < 0) {
          part[family] = p;
          row[family] = rows[p][i];
        }
      }
    }
    SourceMap map = new SourceMap(Math.max(1, count));
    for (int family = 0; family < count; family++) {
      map.add(part[family], row[family]);
    }
    return map;
  }

  /// All rows, family after family, rows of a family in the order of their parts.
  ///
  /// @param place where each family comes
  /// @param starts takes the first row of each place, and the end
  SourceMap members(int[] place, int[] starts) {
    Arrays.fill(starts, 0);
    for (int p = 0; p < rows.length; p++) {
      for (int family : families[p]) {
        starts[place[family] + 1]++;
      }
    }
    for (int f = 0; f < count; f++) {
      starts[f + 1] += starts[f];
    }
    int[] next = Arrays.copyOf(starts, count + 1);
    int[] parts = new int[starts[count]];
    int[] partRows = new int[starts[count]];
    for (int p = 0; p < rows.length; p++) {
      for (int i = 0; i < rows[p].length; i++) {
        int at = next[place[families[p][i]]]++;
        parts[at] = p;
        partRows[at] = rows[p][i];
      }
    }
    SourceMap map = new SourceMap(Math.max(1, parts.length));
    for (int i = 0; i < parts.length; i++) {
      map.add(parts[i], partRows[i]);
    }
    return map;
  }
}
