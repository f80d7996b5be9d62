// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan;

import dev.varve.sql.operator.Operator;
import dev.varve.sql.plan.logical.Views;
import dev.varve.storage.type.DataType;
import java.util.List;

/// A query ready to run, once: its operators read the tables as they were when it was planned.
/// Closing it after the run gives the parts back.
public final class PhysicalPlan implements AutoCloseable {
  /// A column of the result.
  public record Column(String name, DataType type) {}

  private final List<Column> columns;
  private final Operator root;
  private final Views views;

  PhysicalPlan(List<Column> columns, Operator root, Views views) {
    this.columns = List.copyOf(columns);
    this.root = root;
    this.views = views;
  }

  public List<Column> columns() {
    return columns;
  }

  /// The operator that gives the result's rows.
  public Operator root() {
    return root;
  }

  /// The operators as an indented tree, one line each.
  public String explain() {
    StringBuilder text = new StringBuilder();
    explain(root, 0, text);
    return text.toString();
  }

  private static void explain(Operator operator, int depth, StringBuilder text) {
    text.append("  ".repeat(depth)).append(operator.describe()).append('\n');
    operator.inputs().forEach(input -> explain(input, depth + 1, text));
  }

  @Override
  public void close() {
    views.close();
  }
}
