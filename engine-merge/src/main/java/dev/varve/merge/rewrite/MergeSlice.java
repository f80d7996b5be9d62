// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// The rows of some parts in one range of keys: for each part, rows `[from, to)`. Slices that
/// follow each other can be merged apart; what they give stands one behind the other.
///
/// @param from for each part, its first row in the range
/// @param to for each part, one past its last row in the range
record MergeSlice(long[] from, long[] to) {
  /// A block is cut by a slice where it can: granules of a block of the usual size.
  private static final int GRANULES = 8;

  /// All rows.
  static MergeSlice all(List<Part> parts) {
    return new MergeSlice(
        new long[parts.size()], parts.stream().mapToLong(p -> p.info().rows()).toArray());
  }

  /// Cuts where the sparse index says that about as many rows lie between.
  ///
  /// @param wanted slices, fewer where the parts have too few granules or keys
  static List<MergeSlice> cut(
      List<Part> parts,
      List<String> key,
      KeyEncoder encoder,
      int wanted,
      BufferAllocator allocator) {
    List<byte[]> bounds = bounds(parts, key.isEmpty() ? 1 : wanted);
    List<MergeSlice> slices = new ArrayList<>();
    long[] from = new long[parts.size()];
    for (byte[] bound : bounds) {
      long[] to = new long[parts.size()];
      for (int p = 0; p < to.length; p++) {
        to[p] = firstRowAtLeast(parts.get(p), bound, key, encoder, allocator);
      }
      slices.add(new MergeSlice(from, to));
      from = to;
    }
    slices.add(new MergeSlice(from, all(parts).to));
    return slices;
  }

  private static List<byte[]> bounds(List<Part> parts, int wanted) {
    List<byte[]> keys = new ArrayList<>();
    for (Part part : parts) {
      for (int granule = 0; granule < part.granules(); granule += GRANULES) {
        keys.add(part.firstKey(granule));
      }
    }
    keys.sort(Arrays::compareUnsigned);
    List<byte[]> bounds = new ArrayList<>();
    for (int i = 1; i < wanted; i++) {
      byte[] bound = keys.get((int) ((long) keys.size() * i / wanted));
      byte[] last = bounds.isEmpty() ? keys.getFirst() : bounds.getLast();
      if (Arrays.compareUnsigned(last, bound) < 0) {
        bounds.add(bound);
      }
    }
    return bounds;
  }

  private static long firstRowAtLeast(
      Part part, byte[] bound, List<String> key, KeyEncoder encoder, BufferAllocator allocator) {
    int above = 0;
    int high = part.granules();
    while (above < high) {
      int middle = (above + high) >>> 1;
      if (Arrays.compareUnsigned(part.firstKey(middle), bound) < 0) {
        above = middle + 1;
      } else {
        high = middle;
      }
    }
    if (above == 0) {
      return 0;
    }
    int granule = above - 1;
    List<Vector> keys = new ArrayList<>();
    try (PartReader reader = part.open(key, allocator)) {
      reader.seek(granule);
      for (int k = 0; k < key.size(); k++) {
        keys.add(reader.read(k));
      }
      int low = 0;
      int end = part.granuleRows(granule);
      while (low < end) {
        int middle = (low + end) >>> 1;
        if (Arrays.compareUnsigned(encoder.encode(keys, middle), bound) < 0) {
          low = middle + 1;
        } else {
          end = middle;
        }
      }
      return part.granuleFirstRow(granule) + low;
    }
  }

  /// Rows of all parts.
  long rows() {
    long rows = 0;
    for (int p = 0; p < from.length; p++) {
      rows += to[p] - from[p];
    }
    return rows;
  }
}
