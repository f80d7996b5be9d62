// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.schema.Folding;
import dev.varve.merge.schema.PartLens;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.ExpressionCompiler;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.TableDefinition;
import java.util.List;

/// What must hold before a table takes a changed definition. Nothing is written anew: parts are
/// seen through a lens from then on, and merges write what is seen.
///
/// @param folding which rows have to be combined before
record Redefinition(TableDefinition definition, TableShape shape, PartLens lens, Folding folding) {
  /// @throws VarveException what is wrong with the definition
  static Redefinition of(TableDefinition before, TableDefinition after, EngineContext context) {
    DefinitionCheck.definition(after);
    if (DefinitionCheck.shards(before) != DefinitionCheck.shards(after)) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "table " + before.name() + ": shards is set once, in CREATE TABLE");
    }
    ExpressionCompiler compiler = context.compiler().get();
    TableShape shape = TableShape.of(after, compiler);
    shape.checkExpressions(compiler);
    Folding folding =
        Folding.of(before, TableShape.of(before, compiler).layout(), after, shape.layout());
    return new Redefinition(
        after, shape, new PartLens(after, shape.layout(), compiler, context.allocator()), folding);
  }

  /// Reads what the parts would show otherwise than before.
  ///
  /// @throws VarveException with the column's conversion that fails
  void check(List<HeldPart> parts) {
    for (HeldPart part : parts) {
      lens.check(part.stored());
    }
  }

  /// The columns of a definition by which expressions may name them.
  static List<ColumnDefinition> computed(TableDefinition definition) {
    return definition.columns().stream().filter(column -> !column.isInsertable()).toList();
  }
}
