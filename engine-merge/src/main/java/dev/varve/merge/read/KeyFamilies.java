// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.merge.order.RowList;
import dev.varve.merge.order.SourceMap;
import dev.varve.storage.part.Part;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/// The keys that fresh parts share with others, each with all its rows: the union of what pairs of
/// parts share. Families are numbered as they are found, not in the order of keys.
final class KeyFamilies {
  private static final int SPARSE = 64;

  private final List<Part> parts;
  private final boolean[] fresh;
  private final PairFacts facts;
  private final Map<Part, RoaringBitmap> deleted;
  private final int[][] rows;
  private final int[][] families;
  private int count;

  /// @param fresh the parts whose families are wanted; facts are known of each pair with one
  /// @param deleted rows that belong to no family, of those parts that have any
  KeyFamilies(
      List<Part> parts, boolean[] fresh, PairFacts facts, Map<Part, RoaringBitmap> deleted) {
    this.deleted = deleted;
    this.parts = parts;
    this.fresh = fresh;
    this.facts = facts;
    int size = parts.size();
    rows = new int[size][];
    families = new int[size][];
    for (int p = 0; p < size; p++) {
      rows[p] = collidingRows(p);
      families[p] = new int[rows[p].length];
      Arrays.fill(families[p], -1);
      for (int earlier = 0; earlier < p; earlier++) {
        if (fresh[p] || fresh[earlier]) {
          join(earlier, p);
        }
      }
    }
  }

  private int[] collidingRows(int part) {
    int total = 0;
    int lists = 0;
    int[] only = {};
    for (int other = 0; other < parts.size(); other++) {
      int[] list = facts(part, other);
      if (list.length > 0) {
        total += list.length;
        lists++;
        only = list;
      }
    }
    if (lists < 2) {
      return only;
    }
    return total > parts.get(part).info().rows() / SPARSE
        ? denseUnion(part)
        : sparseUnion(part, total);
  }

  private int[] facts(int part, int other) {
    return other != part && (fresh[part] || fresh[other])
        ? left(parts.get(part), parts.get(other))
        : new int[0];
  }

  /// The shared keys of two parts of which neither row is deleted, from the side of the first.
  private int[] left(Part part, Part other) {
    int[] rows = facts.of(part, other);
    RoaringBitmap gone = deleted.get(part);
    RoaringBitmap otherGone = deleted.get(other);
    if (rows.length == 0 || (gone == null && otherGone == null)) {
      return rows;
    }
    int[] otherRows = facts.of(other, part);
    RowList kept = new RowList();
    for (int i = 0; i < rows.length; i++) {
      boolean isGone =
          (gone != null && gone.contains(rows[i]))
              || (otherGone != null && otherGone.contains(otherRows[i]));
      if (!isGone) {
        kept.add(rows[i]);
      }
    }
    return kept.toArray();
  }

  private int[] denseUnion(int part) {
    long[] bits = new long[Math.toIntExact(parts.get(part).info().rows() + 63 >>> 6)];
    for (int other = 0; other < parts.size(); other++) {
      for (int row : facts(part, other)) {
        bits[row >> 6] |= 1L << row;
      }
    }
    int count = 0;
    for (long word : bits) {
      count += Long.bitCount(word);
    }
    int[] union = new int[count];
    int at = 0;
    for (int w = 0; w < bits.length; w++) {
      for (long word = bits[w]; word != 0; word &= word - 1) {
        union[at++] = (w << 6) + Long.numberOfTrailingZeros(word);
      }
    }
    return union;
  }

  private int[] sparseUnion(int part, int total) {
    int[] all = new int[total];
    int at = 0;
    for (int other = 0; other < parts.size(); other++) {
      int[] list = facts(part, other);
      System.arraycopy(list, 0, all, at, list.length);
      at += list.length;
    }
    Arrays.sort(all);
    int distinct = 0;
    for (int i = 0; i < total; i++) {
      if (i == 0 || all[i] != all[i - 1]) {
        all[distinct++] = all[i];
      }
    }
    return Arrays.copyOf(all, distinct);
  }

  /// Rows of both sides ascend, so one pass over each finds their places. No two families turn out
  /// to be one: the first fresh part of a key joins all earlier rows of it, and later ones join it.
  private void join(int earlier, int later) {
    int[] left = left(parts.get(earlier), parts.get(later));
    int[] right = left(parts.get(later), parts.get(earlier));
    int a = 0;
    int b = 0;
    for (int i = 0; i < left.length; i++) {
      while (rows[earlier][a] < left[i]) {
        a++;
      }
      while (rows[later][b] < right[i]) {
        b++;
      }
      int family = families[earlier][a] >= 0 ? families[earlier][a] : families[later][b];
      if (family < 0) {
        family = count++;
      }
      families[earlier][a] = family;
      families[later][b] = family;
    }
  }

  int count() {
    return count;
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
    int[] memberParts = new int[starts[count]];
    int[] memberRows = new int[starts[count]];
    for (int p = 0; p < rows.length; p++) {
      for (int i = 0; i < rows[p].length; i++) {
        int at = next[place[families[p][i]]]++;
        memberParts[at] = p;
        memberRows[at] = rows[p][i];
      }
    }
    SourceMap map = new SourceMap(Math.max(1, memberParts.length));
    for (int i = 0; i < memberParts.length; i++) {
      map.add(memberParts[i], memberRows[i]);
    }
    return map;
  }
}
