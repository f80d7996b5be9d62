// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// A lambda together with the batch whose columns it may name.
public final class LambdaCall {
  /// Arrays of millions are taken in pieces, so that a query can end between two of them.
  private static final int PIECE = 1 << 18;

  private final Expression.Lambda lambda;
  private final Batch outer;
  private final BitSet captured = new BitSet();

  LambdaCall(Expression.Lambda lambda, Batch outer) {
    this.lambda = lambda;
    this.outer = outer;
    lambda.collectInputs(captured);
  }

  public int parameters() {
    return lambda.parameters().size();
  }

  /// The body's value for each element.
  ///
  /// @param rowOf the row of the outer batch that each element belongs to
  /// @param parameters one vector of `elements` rows for each parameter
  public Vector evaluate(int[] rowOf, List<Vector> parameters, int elements, Scratch scratch) {
    if (elements <= PIECE) {
      return piece(rowOf, parameters, elements, scratch);
    }
    List<Vector> values = new ArrayList<>();
    for (int from = 0; from < elements; from += PIECE) {
      scratch.check();
      int start = from;
      int count = Math.min(PIECE, elements - from);
      List<Vector> slices =
          parameters.stream().map(p -> VectorOps.slice(p, start, count, scratch)).toList();
      int[] rows = Arrays.copyOfRange(rowOf, start, start + count);
      values.add(VectorOps.flatten(piece(rows, slices, count, scratch), scratch));
    }
    return VectorOps.concat(values, scratch);
  }

  private Vector piece(int[] rowOf, List<Vector> parameters, int elements, Scratch scratch) {
    Batch compact = Batches.pick(outer, captured, lambda.outerColumns(), rowOf, elements, scratch);
    List<Vector> columns = new ArrayList<>(compact.columns());
    columns.addAll(parameters);
    return lambda.body().evaluate(new Batch(elements, columns), scratch);
  }
}
