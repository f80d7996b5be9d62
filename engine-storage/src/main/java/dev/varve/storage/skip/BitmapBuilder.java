// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.skip;

import dev.varve.storage.index.EncodedKeys;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/// The different values of a part, each with the entries that hold it.
final class BitmapBuilder implements EntryBuilder {
  /// With more values than this in a part, an inverted index is the wrong one.
  static final int MAX_VALUES = 1 << 16;

  private final KeyEncoder encoder;
  private final KeyTable seen = new KeyTable();
  private final KeptValues kept;
  private final List<RoaringBitmap> entries = new ArrayList<>();
  private int entry;

  BitmapBuilder(DataType type, Scratch memory) {
    this.encoder = KeyEncoder.ascending(List.of(SkipIndexType.storedType(type)));
    this.kept = new KeptValues(List.of(type), memory);
  }

  @Override
  public void add(List<Vector> values, int rows) {
    if (entries.size() > MAX_VALUES) {
      return;
    }
    EncodedKeys keys = encoder.encodeAll(values, rows);
    int last = -1;
    for (int row = 0; row < rows; row++) {
      int number = seen.number(keys.bytes(), keys.offset(row), keys.offset(row + 1));
      if (number == last) {
        continue;
      }
      last = number;
      if (number == entries.size()) {
        entries.add(new RoaringBitmap());
        kept.append(values, row);
        if (entries.size() > MAX_VALUES) {
          return;
        }
      }
      entries.get(number).add(entry);
    }
  }

  @Override
  public void endEntry() {
    entry++;
  }

  @Override
  public SkipIndexData finish() {
    if (entries.size() > MAX_VALUES) {
      return new SkipIndexData.Bitmaps(-1, new byte[0], new RoaringBitmap[0]);
    }
    entries.forEach(RoaringBitmap::runOptimize);
    return new SkipIndexData.Bitmaps(
        entries.size(), kept.toBytes(), entries.toArray(RoaringBitmap[]::new));
  }
}
