// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.merge.rule.Outcome;
import dev.varve.storage.index.KeyEncoder;
import dev.varve.storage.part.Part;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Drops hidden rows for good, where that can change no answer: the row must be neutral to whatever
/// comes later, and no other live part may hold its key, for which its range of keys is asked.
final class DropRule {
  private final List<Part> others;
  private final boolean complete;
  private final KeyEncoder encoder;
  private final List<String> key;

  /// @param complete whether no part still to come can hold rows older than those at hand
  DropRule(List<Part> others, boolean complete, KeyEncoder encoder, List<String> key) {
    this.others = List.copyOf(others);
    this.complete = complete;
    this.encoder = encoder;
    this.key = key;
  }

  Batch apply(
      List<Vector> vectors,
      int rows,
      Outcome outcome,
      Function<String, Vector> column,
      Scratch scratch) {
    if (!complete || outcome.disposable().isEmpty()) {
      return new Batch(rows, vectors);
    }
    List<Vector> keys = key.stream().map(column).toList();
    int[] kept = new int[rows];
    int count = 0;
    for (int g = 0; g < rows; g++) {
      if (!outcome.disposable().get(g) || mayBeElsewhere(encoder.encode(keys, g))) {
        kept[count++] = g;
      }
    }
    if (count == rows) {
      return new Batch(rows, vectors);
    }
    int left = count;
    return new Batch(
        left, vectors.stream().map(v -> VectorOps.gather(v, kept, left, scratch)).toList());
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
