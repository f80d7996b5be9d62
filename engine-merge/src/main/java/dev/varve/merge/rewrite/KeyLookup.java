// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.merge.order.KeyBlock;
import dev.varve.merge.order.KeyCursor;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.Part;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Says of ascending keys whether other parts may hold them: no where their ranges of keys, or a
/// look at their keys, tell so. A look decodes the keys of a granule, so only so many are taken; a
/// key that is not looked up counts as held. One thread.
final class KeyLookup implements AutoCloseable {
  private final List<Other> others = new ArrayList<>();
  private int granulesLeft;

  KeyLookup(
      List<Part> others,
      List<String> key,
      KeyEncoder encoder,
      int granules,
      BufferAllocator allocator) {
    others.forEach(part -> this.others.add(new Other(part, key, encoder, allocator)));
    this.granulesLeft = granules;
  }

  boolean mayHold(KeyBlock keys, int row) {
    for (Other other : others) {
      if (other.mayHold(keys, row)) {
        return true;
      }
    }
    return false;
  }

  /// The keys of one other part, up to where the last one was looked for.
  private final class Other implements AutoCloseable {
    private final Part part;
    private final List<String> key;
    private final KeyEncoder encoder;
    private final BufferAllocator allocator;
    private KeyCursor cursor;
    private boolean ended;

    Other(Part part, List<String> key, KeyEncoder encoder, BufferAllocator allocator) {
      this.part = part;
      this.key = key;
      this.encoder = encoder;
      this.allocator = allocator;
    }

    boolean mayHold(KeyBlock keys, int row) {
      if (ended || keys.isBelow(row, part.firstKey(0)) || keys.isAbove(row, part.lastKey())) {
        return false;
      }
      try {
        return look(keys, row);
      } catch (VarveException damaged) {
        // Told to the table by the part that was read. A merge of others goes on without it.
        granulesLeft = 0;
        return true;
      }
    }

    private boolean look(KeyBlock keys, int row) {
      if (cursor == null) {
        if (granulesLeft-- <= 0) {
          return true;
        }
        cursor = new KeyCursor(part, key, encoder, 0, part.granules(), allocator, null);
      }
      KeyBlock read = cursor.block();
      if (read.compare(read.rows() - 1, keys, row) < 0 && granulesLeft-- <= 0) {
        return true; // it lies behind what was read
      }
      ended = !cursor.seek(keys, row);
      return !ended && cursor.block().compare(cursor.row(), keys, row) == 0;
    }

    @Override
    public void close() {
      if (cursor != null) {
        cursor.close();
      }
    }
  }

  @Override
  public void close() {
    others.forEach(Other::close);
  }
}
