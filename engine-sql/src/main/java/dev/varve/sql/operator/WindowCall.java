// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.List;

/// One function of a [Window].
public sealed interface WindowCall {
  DataType type();

  /// A number by the row's place in its partition.
  record Rank(Kind kind) implements WindowCall {
    public enum Kind {
      ROW_NUMBER,
      RANK,
      DENSE_RANK,
      PERCENT_RANK,
      CUME_DIST
    }

    @Override
    public DataType type() {
      return kind == Kind.PERCENT_RANK || kind == Kind.CUME_DIST
          ? DataTypes.FLOAT64
          : DataTypes.UINT64;
    }
  }

  /// The number of the row's share, of `buckets` as equal ones as can be.
  record Ntile(long buckets) implements WindowCall {
    @Override
    public DataType type() {
      return DataTypes.UINT64;
    }
  }

  /// A column's value so many rows before (`lag`), or behind where negative (`lead`).
  ///
  /// @param otherwise the column that stands in beyond the frame, or -1 for NULL
  /// @param skipsNulls whether only rows with a value are counted
  record Shift(
      int column,
      long distance,
      int otherwise,
      boolean skipsNulls,
      WindowFrame frame,
      DataType type)
      implements WindowCall {}

  /// A column's value at a row of the frame.
  ///
  /// @param place 1 for the first row, 2 for the second, …; -1 for the last
  /// @param skipsNulls whether only rows with a value are counted
  record ValueAt(int column, long place, boolean skipsNulls, WindowFrame frame, DataType type)
      implements WindowCall {}

  /// An aggregate of the frame's rows.
  record Aggregate(AggregateCall call, WindowFrame frame) implements WindowCall {
    @Override
    public DataType type() {
      return call.function().type();
    }
  }

  /// Columns of the input that a function reads.
  default List<Integer> arguments() {
    return switch (this) {
      case Rank _, Ntile _ -> List.of();
      case Shift shift ->
          shift.otherwise() < 0
              ? List.of(shift.column())
              : List.of(shift.column(), shift.otherwise());
      case ValueAt value -> List.of(value.column());
      case Aggregate aggregate -> aggregate.call().arguments();
    };
  }
}
