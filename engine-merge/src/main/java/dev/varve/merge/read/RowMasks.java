// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.storage.part.Part;
import java.util.Arrays;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.RoaringBitmap;

/// Dead rows of a part as one mask for each granule that has any. Immutable: an [Editor] makes
/// another, which shares the masks of all granules that it leaves alone, so that a few dead rows
/// more cost a few masks and not the part.
final class RowMasks implements DeadRows {
  private final Part part;
  private final int[] counts;
  private final long[][] alive;
  private final long total;

  private RowMasks(Part part, int[] counts, long[][] alive, long total) {
    this.part = part;
    this.counts = counts;
    this.alive = alive;
    this.total = total;
  }

  /// A part of which every row counts.
  static RowMasks clean(Part part) {
    return new RowMasks(part, new int[part.granules()], new long[part.granules()][], 0);
  }

  static RowMasks of(Part part, RoaringBitmap dead) {
    Editor editor = clean(part).edit();
    editor.kill(dead);
    return editor.done();
  }

  @Override
  public int count(int granule) {
    return counts[granule];
  }

  @Override
  public long total() {
    return total;
  }

  @Override
  public long[] alive(int granule) {
    if (counts[granule] == 0) {
      throw new IllegalStateException("no row of granule " + granule + " is dead");
    }
    return alive[granule];
  }

  boolean isDead(int row) {
    int granule = granuleOf(part, row, 0);
    int at = row - (int) part.granuleFirstRow(granule);
    return counts[granule] > 0 && (alive[granule][at >> 6] >>> at & 1) == 0;
  }

  /// All dead rows.
  RoaringBitmap dead() {
    RoaringBitmap rows = new RoaringBitmap();
    for (int g = 0; g < counts.length; g++) {
      if (counts[g] == 0) {
        continue;
      }
      int first = (int) part.granuleFirstRow(g);
      int size = part.granuleRows(g);
      for (int w = 0; w < alive[g].length; w++) {
        long bits = ~alive[g][w] & all(size - (w << 6));
        for (; bits != 0; bits &= bits - 1) {
          rows.add(first + (w << 6) + Long.numberOfTrailingZeros(bits));
        }
      }
    }
    return rows;
  }

  private static long all(int rows) {
    return rows >= 64 ? -1L : (1L << rows) - 1;
  }

  /// The granule of a row; fast if it is `near` or the one behind.
  private static int granuleOf(Part part, int row, int near) {
    if (row >= part.granuleFirstRow(near)) {
      if (row < part.granuleFirstRow(near) + part.granuleRows(near)) {
        return near;
      }
      int after = near + 1;
      if (row < part.granuleFirstRow(after) + part.granuleRows(after)) {
        return after;
      }
    }
    int low = 0;
    int high = part.granules() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (part.granuleFirstRow(middle) <= row) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  Editor edit() {
    return new Editor();
  }

  /// Changes to the masks of one part. One thread; fastest where rows ascend.
  final class Editor {
    private int[] ownCounts;
    private long[][] ownAlive;
    private boolean[] owned;
    private long ownTotal = total;
    private int granule;
    private int first;
    private int end;

    private void seek(int row) {
      if (row < first || row >= end) {
        granule = granuleOf(part, row, granule);
        first = (int) part.granuleFirstRow(granule);
        end = first + part.granuleRows(granule);
      }
      if (owned == null) {
        ownCounts = counts.clone();
        ownAlive = alive.clone();
        owned = new boolean[counts.length];
      }
      if (!owned[granule]) {
        own();
      }
    }

    private void own() {
      owned[granule] = true;
      int rows = end - first;
      long[] mask = ownAlive[granule];
      if (mask != null) {
        ownAlive[granule] = mask.clone();
        return;
      }
      mask = new long[(rows + 63) >>> 6];
      Arrays.fill(mask, -1L);
      mask[mask.length - 1] = all(rows - ((mask.length - 1) << 6));
      ownAlive[granule] = mask;
    }

    void kill(int row) {
      seek(row);
      int at = row - first;
      long bit = 1L << at;
      if ((ownAlive[granule][at >> 6] & bit) != 0) {
        ownAlive[granule][at >> 6] &= ~bit;
        ownCounts[granule]++;
        ownTotal++;
      }
    }

    void revive(int row) {
      seek(row);
      int at = row - first;
      long bit = 1L << at;
      if ((ownAlive[granule][at >> 6] & bit) == 0) {
        ownAlive[granule][at >> 6] |= bit;
        ownCounts[granule]--;
        ownTotal--;
      }
    }

    void kill(int[] rows) {
      for (int row : rows) {
        kill(row);
      }
    }

    void kill(RoaringBitmap rows) {
      for (IntIterator all = rows.getIntIterator(); all.hasNext(); ) {
        kill(all.next());
      }
    }

    RowMasks done() {
      return owned == null ? RowMasks.this : new RowMasks(part, ownCounts, ownAlive, ownTotal);
    }
  }
}
