// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.skip;

import dev.varve.storage.index.EncodedKeys;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Smallest and greatest values, as normalised keys.
final class BoundsBuilder implements EntryBuilder {
  private final KeyEncoder[] encoders;
  private final List<List<byte[]>> low = new ArrayList<>();
  private final List<List<byte[]>> high = new ArrayList<>();
  private final byte[][] least;
  private final byte[][] greatest;

  BoundsBuilder(List<DataType> types) {
    encoders = new KeyEncoder[types.size()];
    least = new byte[types.size()][];
    greatest = new byte[types.size()][];
    for (int c = 0; c < encoders.length; c++) {
      encoders[c] = KeyEncoder.ascending(List.of(types.get(c).unwrapped()));
      low.add(new ArrayList<>());
      high.add(new ArrayList<>());
    }
  }

  @Override
  public void add(List<Vector> values, int rows) {
    for (int c = 0; c < encoders.length; c++) {
      Vector vector = values.get(c);
      int least = -1;
      int greatest = -1;
      EncodedKeys keys = encoders[c].encodeAll(List.of(vector), rows);
      boolean nulls = vector.mayHaveNulls();
      for (int row = 0; row < rows; row++) {
        if (nulls && vector.isNull(row)) {
          continue;
        }
        if (least < 0 || keys.compare(row, least) < 0) {
          least = row;
        }
        if (greatest < 0 || keys.compare(row, greatest) > 0) {
          greatest = row;
        }
      }
      if (least >= 0) {
        widen(c, keys.key(least), keys.key(greatest));
      }
    }
  }

  private void widen(int column, byte[] from, byte[] to) {
    if (least[column] == null || Arrays.compareUnsigned(from, least[column]) < 0) {
      least[column] = from;
    }
    if (greatest[column] == null || Arrays.compareUnsigned(to, greatest[column]) > 0) {
      greatest[column] = to;
    }
  }

  @Override
  public void endEntry() {
    for (int c = 0; c < encoders.length; c++) {
      low.get(c).add(least[c]);
      high.get(c).add(greatest[c]);
      least[c] = null;
      greatest[c] = null;
    }
  }

  @Override
  public SkipIndexData finish() {
    return new SkipIndexData.Bounds(arrays(low), arrays(high));
  }

  private static byte[][][] arrays(List<List<byte[]>> lists) {
    return lists.stream().map(list -> list.toArray(byte[][]::new)).toArray(byte[][][]::new);
  }
}
