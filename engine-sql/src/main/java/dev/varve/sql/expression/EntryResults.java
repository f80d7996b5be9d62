// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.expression;

import dev.varve.storage.error.VarveException;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What an expression of one column makes of the entries of a dictionary, kept from batch to batch:
/// a block's dictionary is that of many batches, and each of its entries that of many rows. One
/// thread.
///
/// All entries are asked once as many rows have come as there are entries: of a dictionary that
/// comes with one batch, or of which a filter leaves little, the others may never be wanted.
public final class EntryResults implements AutoCloseable {
  private final Expression expression;
  private final int column;
  private final Supplier<Scratch> memory;
  private Scratch held;
  private Vector dictionary;
  private long rows;
  private boolean failed;
  private Vector results;

  private EntryResults(Expression expression, int column, Supplier<Scratch> memory) {
    this.expression = expression;
    this.column = column;
    this.memory = memory;
  }

  /// For an expression that reads one column and says the same each time.
  ///
  /// @param memory gives memory of the query, closed by [#close]
  public static Optional<EntryResults> of(Expression expression, Supplier<Scratch> memory) {
    BitSet inputs = new BitSet();
    expression.collectInputs(inputs);
    return inputs.cardinality() == 1
            && !(expression instanceof Expression.InputColumn)
            && !expression.type().physical().isNested()
            && TestedEntries.isStable(expression)
        ? Optional.of(new EntryResults(expression, inputs.nextSetBit(0), memory))
        : Optional.empty();
  }

  /// As [Expression#evaluate]. The result lives until the next call.
  public Vector evaluate(Batch batch, Scratch scratch) {
    Vector vector = batch.column(column);
    if (!vector.isDictionary() || vector.validity() != null || !know(vector, batch, scratch)) {
      return expression.evaluate(batch, scratch);
    }
    Vector coded =
        Vector.dictionary(expression.type(), batch.rows(), vector.values(), results, null);
    // Numbers are read faster than pointers to them.
    return results.physical().width() > 0 ? VectorOps.flatten(coded, scratch) : coded;
  }

  private boolean know(Vector vector, Batch batch, Scratch scratch) {
    if (vector.dictionary() != dictionary) {
      dictionary = vector.dictionary();
      rows = 0;
      failed = dictionary.rows() == 0;
      results = null;
    }
    if (results == null && !failed) {
      rows += batch.rows();
      if (rows >= dictionary.rows()) {
        ask(batch, scratch);
      }
    }
    return results != null;
  }

  private void ask(Batch batch, Scratch scratch) {
    if (held == null) {
      held = memory.get();
    }
    held.reset();
    int entries = dictionary.rows();
    List<Vector> pieces = new ArrayList<>();
    try {
      for (int from = 0; from < entries; from += Batch.MAX_ROWS) {
        int count = Math.min(Batch.MAX_ROWS, entries - from);
        Vector some = VectorOps.slice(dictionary, from, count, scratch);
        some = some.as(batch.column(column).type());
        Batch part = Batches.only(column, some, batch.columns().size(), scratch);
        Vector found = VectorOps.flatten(expression.evaluate(part, scratch), scratch);
        if (found.validity() != null) {
          failed = true;
          return;
        }
        pieces.add(found);
      }
    } catch (VarveException e) {
      // A dictionary may hold values that no row has, and only those may be wrong.
      failed = true;
      return;
    }
    results = VectorOps.concat(pieces, held).as(expression.type());
  }

  @Override
  public void close() {
    if (held != null) {
      held.close();
    }
  }
}
