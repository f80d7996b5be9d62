// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.List;

/// Turns SQL text of a definition (partition key, sorting key, DEFAULT) into something that runs.
/// Storage and merge never read SQL: engine-sql implements this, engine-server plugs it in.
public interface ExpressionCompiler {
  /// @param columns what the expression may name; batches given to it hold those of them in this
  ///   order that are not computed (ALIAS, MATERIALIZED): in place of these stands their expression
  Compiled compile(String expression, List<ColumnDefinition> columns);

  /// A compiled expression; safe for threads.
  interface Compiled {
    DataType type();

    Vector evaluate(Batch rows, Scratch scratch);

    /// The expression as a text that is the same for expressions that are the same, however they
    /// are spelled; empty where the compiler has no such form.
    default String canonical() {
      return "";
    }

    /// Whether the same row gives the same value at any time.
    default boolean isDeterministic() {
      return true;
    }
  }
}
