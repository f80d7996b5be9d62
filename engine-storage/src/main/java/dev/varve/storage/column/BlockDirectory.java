// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import java.util.Arrays;
import java.util.List;

/// The blocks of a column in order, and which one holds a granule. Immutable.
public final class BlockDirectory {
  private final BlockPlace[] places;
  private final int[] firstGranules;

  public BlockDirectory(List<BlockPlace> blocks) {
    places = blocks.toArray(BlockPlace[]::new);
    firstGranules = new int[places.length + 1];
    for (int i = 0; i < places.length; i++) {
      firstGranules[i + 1] = firstGranules[i] + places[i].granules();
    }
  }

  public int blocks() {
    return places.length;
  }

  public BlockPlace place(int block) {
    return places[block];
  }

  public int firstGranule(int block) {
    return firstGranules[block];
  }

  /// Granules of all blocks.
  public int granules() {
    return firstGranules[places.length];
  }

  /// The block that holds a granule.
  public int blockOf(int granule) {
    int found = Arrays.binarySearch(firstGranules, granule);
    return found >= 0 ? found : -found - 2;
  }

  /// Bytes of all blocks on disk.
  public long bytes() {
    long sum = 0;
    for (BlockPlace place : places) {
      sum += place.length();
    }
    return sum;
  }
}
