// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.expression.Expression;
import dev.varve.storage.type.DataType;
import java.math.BigDecimal;
import java.util.List;

/// Sorted rows, and rows for the values that are missing between them.
///
/// @param prefix sorted columns before the first key; each of their values is filled on its own
public record Fill(
    Operator input, List<Integer> prefix, List<Key> keys, List<Interpolation> interpolations)
    implements Operator {
  /// A column whose gaps are filled; values are in the unit in which they are stored. What is not
  /// given is null.
  ///
  /// @param columns where the value stands, the sorted one first
  public record Key(
      List<Integer> columns,
      boolean descending,
      BigDecimal from,
      BigDecimal to,
      FillStep step,
      FillStep staleness) {}

  /// A column that a new row computes of the row before.
  public record Interpolation(int column, Expression expression) {}

  public Fill {
    prefix = List.copyOf(prefix);
    keys = List.copyOf(keys);
    interpolations = List.copyOf(interpolations);
  }

  @Override
  public List<DataType> types() {
    return input.types();
  }

  @Override
  public List<Operator> inputs() {
    return List.of(input);
  }

  @Override
  public String describe() {
    return "Fill " + keys.stream().map(key -> key.columns().getFirst()).toList();
  }

  @Override
  public ParallelSource open(QueryContext context) {
    ParallelSource source = context.open(input);
    return new ParallelSource() {
      @Override
      public int parallelism() {
        return 1;
      }

      @Override
      public dev.varve.storage.vector.BatchSource worker(int index) {
        return new FillSource(Fill.this, source, context);
      }

      @Override
      public void close() {
        source.close();
      }
    };
  }
}
