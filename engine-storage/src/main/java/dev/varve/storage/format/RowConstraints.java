// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.table.Constraint;
import dev.varve.storage.table.ExpressionCompiler;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What new rows of a table are held to, whatever way they come: its `CHECK` constraints, and that
/// the arrays of a Nested have one length. Compiled once for a definition; safe for threads.
public final class RowConstraints {
  private final TableDefinition table;
  private final Map<Constraint, ExpressionCompiler.Compiled> checks = new LinkedHashMap<>();

  /// A row that does not hold, by its place in the batch.
  public record Violation(int row, Constraint constraint) {}

  /// @param insertable the columns of the rows to check, in order
  public RowConstraints(
      TableDefinition table, List<ColumnDefinition> insertable, ExpressionCompiler compiler) {
    this.table = table;
    List<ColumnDefinition> nameable = new ArrayList<>(insertable);
    table.columns().stream().filter(column -> !column.isInsertable()).forEach(nameable::add);
    List<Constraint> constraints = new ArrayList<>(NestedColumns.constraints(insertable));
    table.constraints().stream().filter(Constraint::checked).forEach(constraints::add);
    for (Constraint constraint : constraints) {
      checks.put(constraint, compiler.compile(constraint.expression(), nameable));
    }
  }

  /// The first rows that violate a constraint, each once, constraint by constraint. A condition
  /// that is NULL does not hold.
  ///
  /// @param limit how many to name at most
  public List<Violation> violations(Batch rows, Scratch scratch, int limit) {
    Map<Integer, Violation> found = new LinkedHashMap<>();
    checks.forEach((constraint, condition) -> {
      Vector holds = condition.evaluate(rows, scratch);
      for (int row = 0; row < rows.rows() && found.size() < limit; row++) {
        if (!isTrue(VectorValues.get(holds, row))) {
          found.putIfAbsent(row, new Violation(row, constraint));
        }
      }
    });
    return List.copyOf(found.values());
  }

  /// What a violation is, in words, without the row.
  public String text(Violation violation) {
    Constraint constraint = violation.constraint();
    return "violates the constraint \""
        + constraint.name()
        + "\" of table "
        + table.name()
        + ": "
        + constraint.expression();
  }

  private static boolean isTrue(Object value) {
    return switch (value) {
      case Boolean truth -> truth;
      case Number number -> number.doubleValue() != 0;
      case null, default -> false;
    };
  }
}
