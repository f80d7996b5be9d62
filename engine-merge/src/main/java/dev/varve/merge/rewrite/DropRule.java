// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.Part;
import dev.varve.storage.vector.Vector;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;

/// Drops hidden rows for good, where that can change no answer: the row must be neutral to whatever
/// comes later, and no other live part may hold its key, for which its range of keys is asked.
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

  /// Of the groups that leave no trace, those that can be dropped.
  ///
  /// @param disposable groups that are neutral to whatever comes later
  BitSet dropped(BitSet disposable, Function<String, Vector> column) {
    BitSet dropped = new BitSet();
    if (!complete || disposable.isEmpty()) {
      return dropped;
    }
    List<Vector> keys = key.stream().map(column).toList();
    for (int g = disposable.nextSetBit(0); g >= 0; g = disposable.nextSetBit(g + 1)) {
      if (!mayBeElsewhere(encoder.encode(keys, g))) {
        dropped.set(g);
      }
    }
    return dropped;
  }

  private boolean mayBeElsewhere(byte[] wanted) {
    for (Part other : others) {
      if (Arrays.compareUnsigned(other.firstKey(0), wanted) <= 0
          && Arrays.compareUnsigned(wanted, other.lastKey()) <= 0) {
        return true;
      }
    }
    return false;
  }
}
