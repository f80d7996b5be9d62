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
  private final List<String> key;
  private final KeyEncoder encoder;
  private final int endGranule;
  private final BufferAllocator allocator;
  private final KeyBlocks cache;
  private PartReader reader;
  private int granule;
  private KeyBlock block;
  private int row;

  /// Stands on the first row of granule `from`.
  ///
  /// @param from first granule
  /// @param to one past the last granule, above `from`
  /// @param cache keeps the keys that were decoded, or null
  public KeyCursor(
      Part part,
      List<String> key,
      KeyEncoder encoder,
      int from,
      int to,
      BufferAllocator allocator,
      KeyBlocks cache) {
    this.part = part;
    this.key = key;
    this.encoder = encoder;
    this.endGranule = to;
    this.allocator = allocator;
    this.cache = cache;
    this.granule = from;
    try {
      load();
    } catch (RuntimeException | Error failed) {
      close();
      throw failed;
    }
  }

  private void load() {
    row = 0;
    block = cache == null ? null : cache.get(part, granule);
    if (block != null) {
      return;
    }
    if (reader == null) {
      reader = part.open(key, allocator);
    }
    reader.seek(granule);
    List<Vector> keys = new ArrayList<>(key.size());
    for (int c = 0; c < key.size(); c++) {
      keys.add(reader.read(c));
    }
    block = KeyBlock.of(encoder, keys, part.granuleRows(granule));
    if (cache != null) {
      cache.put(part, granule, block);
    }
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
    if (reader != null) {
      reader.close();
    }
  }
}
