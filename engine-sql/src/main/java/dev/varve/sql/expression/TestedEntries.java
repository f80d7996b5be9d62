// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.Arrays;
import java.util.BitSet;

/// What a condition on one column says of the entries of a dictionary, kept from batch to batch: a
/// dictionary is that of many batches, and an entry is tested once, when a row first has it. One
/// thread.
final class TestedEntries {
  private final Expression condition;
  private final BitSet inputs;
  private final int column;
  private Vector dictionary;
  // Bit `code`, and the bit behind the last entry for NULL.
  private long[] known = new long[0];
  private long[] yes = new long[0];
  private int[] first = new int[0];

  private TestedEntries(Expression condition, BitSet inputs) {
    this.condition = condition;
    this.inputs = inputs;
    this.column = inputs.nextSetBit(0);
  }

  /// For a condition that reads one column and says the same each time, else null.
  static TestedEntries of(Expression condition, BitSet inputs) {
    return inputs.cardinality() == 1 && isStable(condition)
        ? new TestedEntries(condition, inputs)
        : null;
  }

  private static boolean isStable(Expression expression) {
    return !(expression instanceof Expression.Call call
            && call.function().stability() == BoundFunction.Stability.VOLATILE)
        && expression.children().stream().allMatch(TestedEntries::isStable);
  }

  boolean fit(Batch batch) {
    return batch.column(column).isDictionary();
  }

  /// As [Conjunction#test]: takes rows out of the mask, gives how many are left.
  int test(Batch batch, Scratch scratch, long[] mask) {
    Vector vector = batch.column(column);
    if (vector.dictionary() != dictionary) {
      dictionary = vector.dictionary();
      int words = Masks.words(dictionary.rows() + 1);
      if (known.length < words) {
        known = new long[words];
        yes = new long[words];
      }
      Arrays.fill(known, 0, words, 0);
    }
    learn(vector, batch, scratch, mask);
    int left = 0;
    for (int w = 0; w < mask.length; w++) {
      long kept = 0;
      for (long word = mask[w]; word != 0; word &= word - 1) {
        int bit = Long.numberOfTrailingZeros(word);
        int code = code(vector, (w << 6) + bit);
        kept |= (yes[code >>> 6] >>> code & 1) << bit;
      }
      mask[w] = kept;
      left += Long.bitCount(kept);
    }
    return left;
  }

  /// Tests the entries that no row had before, each by one of its rows.
  private void learn(Vector vector, Batch batch, Scratch scratch, long[] mask) {
    if (first.length < batch.rows()) {
      first = new int[batch.rows()];
    }
    int count = 0;
    for (int w = 0; w < mask.length; w++) {
      for (long word = mask[w]; word != 0; word &= word - 1) {
        int row = (w << 6) + Long.numberOfTrailingZeros(word);
        int code = code(vector, row);
        if ((known[code >>> 6] >>> code & 1) == 0) {
          known[code >>> 6] |= 1L << code;
          first[count++] = row;
        }
      }
    }
    if (count == 0) {
      return;
    }
    Batch part = Batches.pick(batch, inputs, batch.columns().size(), first, count, scratch);
    long[] found = Truth.of(condition, part, scratch).yes();
    for (int i = 0; i < count; i++) {
      int code = code(vector, first[i]);
      long bit = 1L << code;
      yes[code >>> 6] = yes[code >>> 6] & ~bit | (found[i >>> 6] >>> i & 1) << code;
    }
  }

  private int code(Vector vector, int row) {
    return vector.validity() != null && vector.isNull(row)
        ? dictionary.rows()
        : vector.values().get(Vector.I32, row * 4L);
  }
}
