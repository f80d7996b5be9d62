// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.hash;

import dev.varve.sql.expression.ByteStrings;
import dev.varve.storage.index.KeyColumn;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// Hashes of rows that depend on their values alone, so that workers agree who owns a key.
public final class KeyHashes {
  private KeyHashes() {}

  /// Sets `out[i]` to the hash of row `i`; equal rows have equal hashes.
  public static void of(
      List<DataType> types, List<Vector> vectors, int rows, long[] out, Scratch scratch) {
    Arrays.fill(out, 0, rows, 0);
    long[] codes = new long[rows];
    for (int c = 0; c < types.size(); c++) {
      Vector vector = vectors.get(c);
      Physical physical = types.get(c).physical();
      if (physical.isLong() || physical.isFloat()) {
        byte[] nulls = new byte[rows];
        new FixedCodes(types.get(c)).add(vector, rows, codes, nulls, scratch);
        for (int i = 0; i < rows; i++) {
          codes[i] += nulls[i];
        }
      } else if (physical == Physical.BYTES || physical == Physical.FIXED) {
        byteHashes(vector, rows, codes);
      } else {
        KeyEncoder encoder = new KeyEncoder(List.of(KeyColumn.ascending(types.get(c))));
        for (int i = 0; i < rows; i++) {
          byte[] key = encoder.encodeColumn(0, vector, i);
          codes[i] = ByteStrings.hash64(MemorySegment.ofArray(key), 0, key.length);
        }
      }
      for (int i = 0; i < rows; i++) {
        long h = (out[i] ^ codes[i]) * 0xD6E8FEB86659FD93L;
        out[i] = h ^ h >>> 32;
      }
    }
  }

  private static void byteHashes(Vector vector, int rows, long[] codes) {
    Vector flat = vector.base();
    MemorySegment values = flat.values();
    boolean nullable = vector.mayHaveNulls();
    for (int i = 0; i < rows; i++) {
      if (nullable && vector.isNull(i)) {
        codes[i] = 1;
        continue;
      }
      long row = vector.valueRow(i);
      if (flat.physical() == Physical.FIXED) {
        int width = flat.width();
        codes[i] = ByteStrings.hash64(values, row * width, width);
      } else {
        int from = flat.offsets().get(Vector.I32, row << 2);
        int length = flat.offsets().get(Vector.I32, (row << 2) + 4) - from;
        codes[i] = ByteStrings.hash64(values, from, length);
      }
    }
  }
}
