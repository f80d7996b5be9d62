// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rule;

import dev.varve.merge.aggregate.AggregateFunction;
import dev.varve.merge.aggregate.AggregateStates;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import java.util.List;

/// The functions of `SimpleAggregateFunction`: those whose result over results is their result over
/// all rows.
final class SimpleFunctions {
  private static final List<String> NAMES =
      List.of(
          "sum",
          "sumWithOverflow",
          "min",
          "max",
          "any",
          "anyLast",
          "any_respect_nulls",
          "anyLast_respect_nulls",
          "groupBitAnd",
          "groupBitOr",
          "groupBitXor",
          "groupArrayArray",
          "groupArrayLastArray",
          "groupUniqArrayArray",
          "groupUniqArrayArrayMap",
          "sumMap",
          "sumMapWithOverflow",
          "minMap",
          "maxMap");

  private SimpleFunctions() {}

  /// The function of a column.
  ///
  /// @throws VarveException UNKNOWN_FUNCTION for one that cannot be, BAD_ARGUMENTS where its result
  ///   is of another type
  static AggregateFunction of(ColumnDefinition column, DataType.SimpleAggregate simple) {
    String name = simple.functionName();
    if (!NAMES.contains(name)) {
      throw new VarveException(
          ErrorCode.UNKNOWN_FUNCTION,
          "column \""
              + column.name()
              + "\": "
              + name
              + " cannot be the function of a SimpleAggregateFunction"
              + NearNames.suggest(name, NAMES));
    }
    AggregateFunction function =
        AggregateStates.of(name, simple.parameters(), List.of(simple.inner()));
    if (function.resultType().physical() != simple.physical()
        || function.resultType().width() != simple.width()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "column \""
              + column.name()
              + "\": "
              + simple.function()
              + " gives "
              + function.resultType().name()
              + ", which is not "
              + simple.inner().name());
    }
    return function;
  }
}
