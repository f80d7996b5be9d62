// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.part;

import dev.varve.storage.column.ColumnWriter;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.vector.Vector;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/// Gathers the sparse primary index while the key columns are written, each on its own: the key of
/// a row is what its columns add, one after another.
final class KeyFences {
  private final KeyEncoder encoder;
  private final List<List<byte[]>> firsts = new ArrayList<>();
  private final List<byte[]> lasts = new ArrayList<>();

  KeyFences(KeyEncoder encoder) {
    this.encoder = encoder;
    for (int k = 0; k < encoder.columns().size(); k++) {
      firsts.add(new ArrayList<>());
      lasts.add(new byte[0]);
    }
  }

  /// Sees the blocks of a key column.
  ///
  /// @param key its position in the key
  ColumnWriter.BlockObserver observer(int key) {
    return (rows, granuleEnds) -> {
      int from = 0;
      for (int end : granuleEnds) {
        firsts.get(key).add(encoder.encodeColumn(key, rows, from));
        from = end;
      }
      lasts.set(key, encoder.encodeColumn(key, rows, rows.rows() - 1));
    };
  }

  /// Granules that are taken over from another part, with their keys.
  void copy(Part source, int from, int to) {
    for (int granule = from; granule < to; granule++) {
      for (int k = 0; k < firsts.size(); k++) {
        // Whole keys, as if the first column were all of the key: they are written one after
        // another anyway.
        firsts.get(k).add(k == 0 ? source.firstKey(granule) : new byte[0]);
      }
    }
  }

  /// Sets the key of the last row, where no observer saw it.
  void last(byte[] key) {
    for (int k = 0; k < lasts.size(); k++) {
      lasts.set(k, k == 0 ? key : new byte[0]);
    }
  }

  /// Adds what was gathered of the rows behind these.
  void addAll(KeyFences behind) {
    for (int k = 0; k < firsts.size(); k++) {
      firsts.get(k).addAll(behind.firsts.get(k));
      lasts.set(k, behind.lasts.get(k));
    }
  }

  static ColumnWriter.BlockObserver nothing() {
    return (Vector _, int[] _) -> {};
  }

  /// Writes all keys one after another; returns where each begins, and the end.
  int[] write(int granules, ByteArrayOutputStream out) {
    int[] offsets = new int[granules + 2];
    for (int g = 0; g <= granules; g++) {
      for (int k = 0; k < lasts.size(); k++) {
        out.writeBytes(g < granules ? firsts.get(k).get(g) : lasts.get(k));
      }
      offsets[g + 1] = out.size();
    }
    return offsets;
  }
}
