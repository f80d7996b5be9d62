// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.table.ExpressionCompiler;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Computes the columns that rows left out and that have an expression, or are of a Nested.
/// Compiled once for a list of columns; safe for threads.
///
/// Expressions are evaluated in the order of the columns, so that one may use the value of another
/// before it; arrays of a Nested get their length first.
public final class RowDefaults {
  private final ExpressionCompiler.Compiled[] compiled;
  private final int[] order;

  public RowDefaults(List<ColumnDefinition> columns, ExpressionCompiler compiler) {
    this.compiled = new ExpressionCompiler.Compiled[columns.size()];
    this.order =
        IntStream.range(0, columns.size())
            .boxed()
            .sorted(Comparator.comparing(i -> !columns.get(i).expression().isEmpty()))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int i = 0; i < compiled.length; i++) {
      ColumnDefinition column = columns.get(i);
      String expression = NestedColumns.defaultOf(column, columns);
      if (!expression.isEmpty()) {
        String cast = "CAST((" + expression + ") AS " + column.type().name() + ")";
        compiled[i] = compiler.compile(cast, columns);
      }
    }
  }

  /// The batch of these builders, all columns with their values. It lives in `scratch` and in the
  /// builders' memory.
  public Batch fill(RowBuilders builders, Scratch scratch) {
    Batch batch = builders.build();
    for (int i : order) {
      BitSet omitted = builders.omitted(i);
      if (omitted != null) {
        Vector values = compiled[i].evaluate(batch, scratch);
        batch = replace(batch, i, patched(batch.column(i), values, omitted, scratch));
      }
    }
    return batch;
  }

  private static Vector patched(Vector given, Vector computed, BitSet omitted, Scratch scratch) {
    VectorBuilder patched = new VectorBuilder(given.type(), scratch);
    for (int row = 0; row < given.rows(); row++) {
      patched.append(omitted.get(row) ? computed : given, row);
    }
    return patched.build();
  }

  private static Batch replace(Batch batch, int column, Vector by) {
    List<Vector> columns = new ArrayList<>(batch.columns());
    columns.set(column, by);
    return new Batch(batch.rows(), columns);
  }
}
