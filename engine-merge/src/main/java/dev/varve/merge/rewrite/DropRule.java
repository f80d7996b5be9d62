// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.merge.order.KeyBlock;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.Part;
import dev.varve.storage.vector.Vector;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;

/// Drops hidden rows for good, where that can change no answer: the row must be neutral to whatever
/// comes later, and no other live part may hold its key, for which its range of keys is asked, and
/// its keys where the range does not tell ([KeyLookup]).
final class DropRule {
  private final List<Part> others;
  private final boolean complete;
  private final KeyEncoder encoder;
  private final List<String> key;

  /// @param inputs the parts that are merged
  /// @param others all other live parts
  /// @param complete whether no part still to come can hold rows older than those at hand
  DropRule(
      List<Part> inputs,
      List<Part> others,
      boolean complete,
      KeyEncoder encoder,
      List<String> key) {
    this.others = others.stream().filter(other -> meets(other, inputs)).toList();
    this.complete = complete;
    this.encoder = encoder;
    this.key = key;
  }

  /// Whether the keys of a part may be those of others.
  private static boolean meets(Part part, List<Part> others) {
    for (Part other : others) {
      if (Arrays.compareUnsigned(part.firstKey(0), other.lastKey()) <= 0
          && Arrays.compareUnsigned(other.firstKey(0), part.lastKey()) <= 0) {
        return true;
      }
    }
    return false;
  }

  /// Whether it may drop a row at all.
  boolean mayDrop() {
    return complete;
  }

  /// Whether it depends on the key which rows it may drop.
  boolean asksForKeys() {
    return complete && !others.isEmpty();
  }

  /// Looks keys up for one stretch of the merge; the caller closes it.
  ///
  /// @param granules of other parts that it may read for that
  KeyLookup lookup(int granules, BufferAllocator allocator) {
    return new KeyLookup(complete ? others : List.of(), key, encoder, granules, allocator);
  }

  /// Of the groups that leave no trace, those that can be dropped.
  ///
  /// @param disposable groups that are neutral to whatever comes later
  /// @param lookup of this stretch, whose keys ascend from call to call
  BitSet dropped(BitSet disposable, int rows, Function<String, Vector> column, KeyLookup lookup) {
    BitSet dropped = new BitSet();
    if (!complete || disposable.isEmpty()) {
      return dropped;
    }
    KeyBlock keys = KeyBlock.of(encoder, this.key.stream().map(column).toList(), rows);
    for (int g = disposable.nextSetBit(0); g >= 0; g = disposable.nextSetBit(g + 1)) {
      if (!lookup.mayHold(keys, g)) {
        dropped.set(g);
      }
    }
    return dropped;
  }
}
