// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// CASE: each condition and each value is evaluated for the rows that reach it and no others, so
/// that `CASE WHEN x <> 0 THEN 1 / x END` never divides by zero.
final class CaseEvaluation {
  private CaseEvaluation() {}

  static Vector evaluate(Expression.Case cases, Batch batch, Scratch scratch) {
    int rows = batch.rows();
    long[] open = Masks.all(rows);
    List<Vector> pieces = new ArrayList<>();
    int[] source = new int[rows];
    int placed = 0;
    for (int c = 0; c <= cases.conditions().size(); c++) {
      boolean last = c == cases.conditions().size();
      long[] taken = last ? open : holds(cases.conditions().get(c), open, batch, scratch);
      int[] selection = new int[rows];
      int count = Masks.toSelection(taken, selection);
      if (count == 0) {
        continue;
      }
      Expression value = last ? cases.otherwise() : cases.values().get(c);
      Vector piece = typed(on(value, batch, selection, count, scratch), cases.type(), scratch);
      if (count == rows) {
        return piece;
      }
      pieces.add(piece);
      for (int i = 0; i < count; i++) {
        source[selection[i]] = placed + i;
      }
      placed += count;
      if (!last) {
        Masks.andNot(open, taken);
      }
    }
    if (rows == 0) {
      return VectorOps.nulls(cases.type(), 0, scratch);
    }
    return VectorOps.gather(VectorOps.concat(pieces, scratch), source, rows, scratch)
        .as(cases.type());
  }

  private static long[] holds(Expression condition, long[] open, Batch batch, Scratch scratch) {
    int rows = batch.rows();
    int[] selection = new int[rows];
    int count = Masks.toSelection(open, selection);
    if (count == rows) {
      return Truth.of(condition, batch, scratch).yes();
    }
    long[] taken = Masks.create(rows);
    if (count == 0) {
      return taken;
    }
    Batch reached = pick(condition, batch, selection, count, scratch);
    long[] yes = Truth.of(condition, reached, scratch).yes();
    for (int i = 0; i < count; i++) {
      int row = selection[i];
      taken[row >>> 6] |= (yes[i >>> 6] >>> i & 1) << row;
    }
    return taken;
  }

  private static Vector on(
      Expression value, Batch batch, int[] selection, int count, Scratch scratch) {
    if (count == batch.rows()) {
      return value.evaluate(batch, scratch);
    }
    return value.evaluate(pick(value, batch, selection, count, scratch), scratch);
  }

  private static Batch pick(
      Expression wanted, Batch batch, int[] selection, int count, Scratch scratch) {
    BitSet inputs = new BitSet();
    wanted.collectInputs(inputs);
    return Batches.pick(batch, inputs, batch.columns().size(), selection, count, scratch);
  }

  private static Vector typed(Vector vector, DataType type, Scratch scratch) {
    return vector.type().unwrapped() instanceof DataType.Nothing
            && !(type.unwrapped() instanceof DataType.Nothing)
        ? VectorOps.nulls(type, vector.rows(), scratch)
        : vector.as(type);
  }
}
