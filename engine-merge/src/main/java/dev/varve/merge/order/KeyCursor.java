// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import dev.varve.storage.index.KeyBounds;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.Part;
import dev.varve.storage.part.PartReader;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Walks over the keys of a stretch of granules of one part. Holds the keys of one granule.
public final class KeyCursor implements AutoCloseable {
  private final Part part;
  private final KeyEncoder encoder;
  private final int columns;
  private final int endGranule;
  private final PartReader reader;
  private int granule;
  private KeyBlock block;
  private int row;

  /// Stands on the first row of granule `from`.
  ///
  /// @param from first granule
  /// @param to one past the last granule, above `from`
  public KeyCursor(
      Part part,
      List<String> key,
      KeyEncoder encoder,
      int from,
      int to,
      BufferAllocator allocator) {
    this.part = part;
    this.encoder = encoder;
    this.columns = key.size();
    this.endGranule = to;
    this.reader = part.open(key, allocator);
    this.granule = from;
    load();
  }

  private void load() {
    reader.seek(granule);
    List<Vector> keys = new ArrayList<>(columns);
    for (int c = 0; c < columns; c++) {
      keys.add(reader.read(c));
    }
    block = KeyBlock.of(encoder, keys, part.granuleRows(granule));
    row = 0;
  }

  /// Keys of the current granule.
  public KeyBlock block() {
    return block;
  }

  /// The current row in the granule.
  public int row() {
    return row;
  }

  /// The number in the part of the current row.
  public int partRow() {
    return Math.toIntExact(part.granuleFirstRow(granule) + row);
  }

  /// Goes to a later row of the granule, or behind its last one to the next granule. False at the
  /// end of the stretch, where the cursor must not be used any more.
  public boolean moveTo(int next) {
    row = next;
    if (row < block.rows()) {
      return true;
    }
    if (++granule >= endGranule) {
      return false;
    }
    load();
    return true;
  }

  /// Goes on to the first row whose key is not below the one given; skips granules without reading
  /// them. False at the end, where the cursor must not be used any more.
  public boolean seek(KeyBlock keys, int keyRow) {
    row = block.firstAtLeast(row, keys, keyRow);
    while (row >= block.rows()) {
      int likely = part.index().from(KeyBounds.atLeast(keys.key(keyRow)));
      // A key with zeros behind it is above the part's last key though it may be that very key.
      granule = Math.max(granule + 1, Math.min(likely, part.granules() - 1));
      if (granule >= endGranule) {
        return false;
      }
      load();
      row = block.firstAtLeast(0, keys, keyRow);
    }
    return true;
  }

  @Override
  public void close() {
    reader.close();
  }
}
