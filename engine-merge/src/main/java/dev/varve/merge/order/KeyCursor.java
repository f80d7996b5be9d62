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
  private final long endRow;
  private final byte[] endKey;
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
    this(part, key, encoder, from, to, Long.MAX_VALUE, null, allocator, cache);
    loadOrClose();
  }

  private KeyCursor(
      Part part,
      List<String> key,
      KeyEncoder encoder,
      int from,
      int to,
      long endRow,
      byte[] endKey,
      BufferAllocator allocator,
      KeyBlocks cache) {
    this.part = part;
    this.key = key;
    this.encoder = encoder;
    this.endGranule = to;
    this.endRow = endRow;
    this.endKey = endKey;
    this.allocator = allocator;
    this.cache = cache;
    this.granule = from;
  }

  /// Stands on a row of the part and ends before another; [#isEmpty()] where that is the same.
  public static KeyCursor ofRows(
      Part part,
      List<String> key,
      KeyEncoder encoder,
      long fromRow,
      long toRow,
      BufferAllocator allocator) {
    int from = granuleOf(part, fromRow);
    int to = fromRow == toRow ? from : granuleOf(part, toRow - 1) + 1;
    KeyCursor cursor = new KeyCursor(part, key, encoder, from, to, toRow, null, allocator, null);
    if (from < to) {
      cursor.loadOrClose();
      cursor.row = Math.toIntExact(fromRow - part.granuleFirstRow(from));
    }
    return cursor;
  }

  /// Walks over the keys of a range, or null where the part has none.
  public static KeyCursor within(
      Part part, List<String> key, KeyEncoder encoder, KeyBounds range, BufferAllocator allocator) {
    int from = part.index().from(range);
    int to = part.index().to(range);
    if (from >= to) {
      return null;
    }
    KeyCursor cursor =
        new KeyCursor(part, key, encoder, from, to, Long.MAX_VALUE, range.to(), allocator, null);
    cursor.loadOrClose();
    int first = range.from() == null ? 0 : cursor.block.firstNotBelow(range.from());
    try {
      if (cursor.moveTo(first) && cursor.block.rows() > 0) {
        return cursor;
      }
    } catch (RuntimeException | Error failed) {
      cursor.close();
      throw failed;
    }
    cursor.close();
    return null;
  }

  private void loadOrClose() {
    try {
      load();
    } catch (RuntimeException | Error failed) {
      close();
      throw failed;
    }
  }

  private static int granuleOf(Part part, long row) {
    int low = 0;
    int high = part.granules() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (part.granuleFirstRow(middle) <= row) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /// Whether it has no row at all, so that it must not be used.
  public boolean isEmpty() {
    return granule >= endGranule;
  }

  Part part() {
    return part;
  }

  /// The current granule.
  int granule() {
    return granule;
  }

  /// One past the last granule of which all rows are within the stretch.
  int wholeGranulesEnd() {
    boolean whole =
        endRow >= part.granuleFirstRow(endGranule - 1) + part.granuleRows(endGranule - 1);
    return whole ? endGranule : endGranule - 1;
  }

  /// Goes on to the first row of a later granule, reading none between. False at the end of the
  /// stretch, where the cursor must not be used any more.
  boolean skipTo(int later) {
    granule = later;
    if (granule >= endGranule) {
      return false;
    }
    load();
    return true;
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
    long left = endRow - part.granuleFirstRow(granule);
    block = KeyBlock.of(encoder, keys, (int) Math.min(part.granuleRows(granule), left));
    if (cache != null) {
      cache.put(part, granule, block);
    }
    if (endKey != null && granule == endGranule - 1) {
      block = block.first(block.firstNotBelow(endKey));
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
    row = block.seek(row, keys, keyRow);
    while (row >= block.rows()) {
      int likely = part.index().from(KeyBounds.atLeast(keys.key(keyRow)));
      // A key with zeros behind it is above the part's last key though it may be that very key.
      granule = Math.max(granule + 1, Math.min(likely, part.granules() - 1));
      if (granule >= endGranule) {
        return false;
      }
      load();
      row = block.seek(0, keys, keyRow);
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
