// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.order;

import dev.varve.storage.part.Part;
import java.util.Map;
import java.util.WeakHashMap;

/// Decoded keys of granules that small parts leap into again and again: without them each fresh row
/// would decode the 8,192 keys of another granule. Forgotten with their part, and all at once when
/// they outgrow their budget. Not safe for threads.
public final class KeyBlocks {
  private final long budgetBytes;
  private final Map<Part, KeyBlock[]> blocks = new WeakHashMap<>();
  private long heldBytes;

  public KeyBlocks(long budgetBytes) {
    this.budgetBytes = budgetBytes;
  }

  KeyBlock get(Part part, int granule) {
    KeyBlock[] ofPart = blocks.get(part);
    return ofPart == null ? null : ofPart[granule];
  }

  void put(Part part, int granule, KeyBlock block) {
    heldBytes += block.bytes();
    if (heldBytes > budgetBytes) {
      blocks.clear();
      heldBytes = block.bytes();
    }
    blocks.computeIfAbsent(part, p -> new KeyBlock[p.granules()])[granule] = block;
  }
}
