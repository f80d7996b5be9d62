// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.schema;

import dev.varve.storage.table.ExpressionCompiler.Compiled;
import dev.varve.storage.type.DataType;
import java.util.List;

/// Where a part of an earlier schema version has the values of a present column.
sealed interface ColumnSource {
  /// It stores them, under this name.
  record Stored(String name) implements ColumnSource {}

  /// It stores them as they are, under another type of the same values.
  record Retyped(String name, DataType type) implements ColumnSource {}

  /// It stores values of another type.
  record Cast(String name, Compiled cast, DataType type) implements ColumnSource {}

  /// They follow from other present columns.
  record Computed(Compiled expression, List<String> inputs, DataType type)
      implements ColumnSource {}

  /// Arrays of defaults, as long as those of another column of the Nested.
  record Sized(String sibling, DataType type) implements ColumnSource {}

  /// The type's default, NULL where it has NULL.
  record Constant(DataType type) implements ColumnSource {}
}
