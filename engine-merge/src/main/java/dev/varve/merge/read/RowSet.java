// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.storage.part.Part;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.roaringbitmap.IntConsumer;
import org.roaringbitmap.RoaringBitmap;

/// Dead rows of a part as a compressed bitmap; the masks of granules are made when first asked for.
final class RowSet implements DeadRows {
  private final Part part;
  private final RoaringBitmap dead;
  private final int[] counts;
  private final AtomicReferenceArray<long[]> masks;

  private RowSet(Part part, RoaringBitmap dead) {
    this.part = part;
    this.dead = dead;
    this.counts = new int[part.granules()];
    this.masks = new AtomicReferenceArray<>(part.granules());
    count();
  }

  static DeadRows of(Part part, RoaringBitmap dead) {
    return dead.isEmpty() ? NONE : new RowSet(part, dead);
  }

  private void count() {
    dead.forEach(
        new IntConsumer() {
          private int granule;
          private long end = part.granuleRows(0);

          @Override
          public void accept(int row) {
            while (row >= end) {
              granule++;
              end += part.granuleRows(granule);
            }
            counts[granule]++;
          }
        });
  }

  @Override
  public int count(int granule) {
    return counts[granule];
  }

  @Override
  public long total() {
    return dead.getLongCardinality();
  }

  @Override
  public long[] alive(int granule) {
    if (counts[granule] == 0) {
      throw new IllegalStateException("no row of granule " + granule + " is dead");
    }
    long[] mask = masks.get(granule);
    if (mask == null) {
      mask = maskOf(granule);
      masks.set(granule, mask);
    }
    return mask;
  }

  private long[] maskOf(int granule) {
    int rows = part.granuleRows(granule);
    int first = Math.toIntExact(part.granuleFirstRow(granule));
    long[] mask = new long[(rows + 63) >>> 6];
    for (int w = 0; w < mask.length; w++) {
      int left = rows - (w << 6);
      mask[w] = left >= 64 ? -1L : (1L << left) - 1;
    }
    dead.forEachInRange(
        first, rows, row -> mask[(row - first) >>> 6] &= ~(1L << ((row - first) & 63)));
    return mask;
  }
}
