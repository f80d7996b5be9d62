// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.expression.Expression;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Rows of a query as rows of the table they are inserted into: each value as its column's type,
/// and a NULL as the default of a column that takes none.
final class ConvertedRows {
  private final EngineParts parts;
  private final InsertColumns columns;
  private final List<Expression> values = new ArrayList<>();

  /// @param columns those for which [#add] is called, in that order
  ConvertedRows(EngineParts parts, InsertColumns columns) {
    this.parts = parts;
    this.columns = columns;
  }

  /// Takes a column of the query for the next column of the INSERT.
  void add(int index, DataType from) {
    DataType to = columns.given().get(values.size()).type();
    boolean mayLack = from.isNullable() && !to.isNullable();
    Expression input = new Expression.InputColumn(index, from);
    DataType wanted = mayLack ? DataTypes.nullable(to) : to;
    values.add(
        from.equals(wanted)
            ? input
            : new Expression.Call(parts.functions().cast(from, wanted), List.of(input)));
  }

  /// They live until the scratch is reset.
  Batch of(Batch batch, Scratch scratch) {
    List<Vector> vectors = new ArrayList<>(values.size());
    BitSet[] lacking = new BitSet[values.size()];
    for (int i = 0; i < lacking.length; i++) {
      ColumnDefinition column = columns.given().get(i);
      Vector value = values.get(i).evaluate(batch, scratch);
      if (value.type().isNullable() && !column.type().isNullable()) {
        lacking[i] = nulls(value);
        value = withDefaults(value, column.type(), lacking[i], scratch);
      }
      vectors.add(value);
    }
    return columns.complete(new Batch(batch.rows(), vectors), i -> lacking[i], scratch);
  }

  /// The rows that are NULL, or null for none.
  private static BitSet nulls(Vector value) {
    if (!value.mayHaveNulls()) {
      return null;
    }
    BitSet rows = new BitSet();
    for (int row = 0; row < value.rows(); row++) {
      rows.set(row, value.isNull(row));
    }
    return rows;
  }

  private static Vector withDefaults(Vector value, DataType type, BitSet lacking, Scratch scratch) {
    if (lacking == null) {
      return value.as(type);
    }
    VectorBuilder builder = new VectorBuilder(type, scratch);
    for (int row = 0; row < value.rows(); row++) {
      if (lacking.get(row)) {
        builder.appendDefault();
      } else {
        builder.append(value, row);
      }
    }
    return builder.build();
  }
}
