// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.skip;

import dev.varve.storage.index.EncodedKeys;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.List;
import java.util.stream.IntStream;

/// The different values of each entry.
final class SetBuilder implements EntryBuilder {
  private final KeyEncoder encoder;
  private final int maxRows;
  private final KeyTable seen = new KeyTable();
  private final KeptValues kept;
  private final IntStream.Builder counts = IntStream.builder();
  private int before;
  private boolean overflowed;

  SetBuilder(List<DataType> types, int maxRows, Scratch memory) {
    this.encoder = KeyEncoder.ascending(types.stream().map(SkipIndexType::storedType).toList());
    this.maxRows = maxRows == 0 ? Integer.MAX_VALUE : maxRows;
    this.kept = new KeptValues(types, memory);
  }

  @Override
  public void add(List<Vector> values, int rows) {
    if (overflowed) {
      return;
    }
    EncodedKeys keys = encoder.encodeAll(values, rows);
    for (int row = 0; row < rows; row++) {
      int known = seen.size();
      if (seen.number(keys.bytes(), keys.offset(row), keys.offset(row + 1)) == known) {
        if (known == maxRows) {
          overflowed = true;
          return;
        }
        kept.append(values, row);
      }
    }
  }

  @Override
  public void endEntry() {
    if (overflowed) {
      kept.truncate(before);
    }
    counts.add(overflowed ? -1 : kept.rows() - before);
    before = kept.rows();
    overflowed = false;
    seen.clear();
  }

  @Override
  public SkipIndexData finish() {
    return new SkipIndexData.ValueSets(counts.build().toArray(), kept.toBytes());
  }
}
