// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.Arrays;
import java.util.BitSet;

/// What a condition on one column says of the entries of a dictionary, kept from batch to batch: a
/// dictionary is that of many batches, and an entry is tested once, when a row first has it. One
/// thread.
final class TestedEntries {
  private final Expression condition;
  private final BitSet inputs;
  private final int column;
  private final DataType type;
  private Vector dictionary;
  // Bit `code`, and the bit behind the last entry for NULL.
  private long[] known = new long[0];
  private long[] yes = new long[0];
  private int[] first = new int[0];
  // Where those that pass lie side by side, as in a sorted dictionary they often do.
  private boolean isRange;
  private int low;
  private int high;

  private TestedEntries(Expression condition, BitSet inputs) {
    this.condition = condition;
    this.inputs = inputs;
    this.column = inputs.nextSetBit(0);
    this.type = typeOf(condition, column);
  }

  private static DataType typeOf(Expression expression, int column) {
    if (expression instanceof Expression.InputColumn(int index, DataType type) && index == column) {
      return type;
    }
    for (Expression child : expression.children()) {
      DataType type = typeOf(child, column);
      if (type != null) {
        return type;
      }
    }
    return null;
  }

  /// For a condition that reads one column and says the same each time, else null.
  static TestedEntries of(Expression condition, BitSet inputs) {
    return inputs.cardinality() == 1 && isStable(condition)
        ? new TestedEntries(condition, inputs)
        : null;
  }

  /// Whether the same values give the same result within a query.
  static boolean isStable(Expression expression) {
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
    meet(vector.dictionary(), Masks.count(mask) == batch.rows(), scratch);
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

  /// Takes rows out of the mask without looking at their texts, where the entries that pass lie
  /// side by side; false where it cannot.
  ///
  /// @param all whether every row is asked for
  boolean keep(Conjunction.Columns columns, boolean all, Scratch scratch, long[] mask) {
    Vector entries = columns.dictionary(column);
    if (entries == null) {
      return false;
    }
    meet(entries, all, scratch);
    return isRange
        && (low == 0 && high == entries.rows() - 1 || columns.keepCodes(column, low, high, mask));
  }

  private void meet(Vector entries, boolean all, Scratch scratch) {
    if (entries == dictionary) {
      return;
    }
    dictionary = entries;
    isRange = false;
    int words = Masks.words(dictionary.rows() + 1);
    if (known.length < words) {
      known = new long[words];
      yes = new long[words];
    }
    Arrays.fill(known, 0, words, 0);
    if (all) {
      learnAll(scratch);
    }
  }

  /// Tests all entries where they lie, so that none needs to be copied: every row asks, and the
  /// batches behind this one will ask for the others.
  private void learnAll(Scratch scratch) {
    int entries = dictionary.rows();
    try {
      for (int from = 0; from < entries; from += Batch.MAX_ROWS) {
        int count = Math.min(Batch.MAX_ROWS, entries - from);
        Vector some = VectorOps.slice(dictionary, from, count, scratch).as(type);
        Batch part = Batches.only(column, some, column + 1, scratch);
        long[] found = Truth.of(condition, part, scratch).yes();
        System.arraycopy(found, 0, yes, from >>> 6, Masks.words(count));
      }
    } catch (VarveException e) {
      // A dictionary may hold values that no row has, and only those may be wrong.
      return;
    }
    for (int code = 0; code < entries; code += 64) {
      known[code >>> 6] = entries - code >= 64 ? -1L : (1L << (entries - code)) - 1;
      yes[code >>> 6] &= known[code >>> 6];
    }
    findRange(Masks.words(entries));
  }

  private void findRange(int words) {
    int passing = 0;
    low = 0;
    high = -1;
    for (int w = 0; w < words; w++) {
      if (yes[w] != 0) {
        low = passing == 0 ? (w << 6) + Long.numberOfTrailingZeros(yes[w]) : low;
        high = (w << 6) + 63 - Long.numberOfLeadingZeros(yes[w]);
        passing += Long.bitCount(yes[w]);
      }
    }
    isRange = passing == high - low + 1;
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
