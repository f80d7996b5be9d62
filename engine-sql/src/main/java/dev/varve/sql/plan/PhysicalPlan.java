// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan;

import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.TableScan;
import dev.varve.sql.plan.logical.Views;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.List;

/// A query ready to run, once: its operators read the tables as they were when it was planned.
/// Closing it after the run gives the parts back.
public final class PhysicalPlan implements AutoCloseable {
  /// A column of the result.
  public record Column(String name, DataType type) {}

  private final List<Column> columns;
  private final Operator root;
  private final Views views;
  private final Prepared prepared;

  PhysicalPlan(List<Column> columns, Operator root, Views views, Prepared prepared) {
    this.columns = List.copyOf(columns);
    this.root = root;
    this.views = views;
    this.prepared = prepared;
  }

  /// What it was made of, to be run again.
  public Prepared prepared() {
    return prepared;
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
    text.append("  ".repeat(depth)).append(operator.describe());
    if (operator instanceof TableScan scan) {
      text.append(ScanReport.summary(scan));
    }
    text.append('\n');
    operator.inputs().forEach(input -> explain(input, depth + 1, text));
  }

  /// As [#explain()] with what bounds and indexes leave of each table.
  public String explainIndexes() {
    StringBuilder text = new StringBuilder();
    explainIndexes(root, 0, text);
    return text.toString();
  }

  private static void explainIndexes(Operator operator, int depth, StringBuilder text) {
    text.append("  ".repeat(depth)).append(operator.describe()).append('\n');
    if (operator instanceof TableScan scan) {
      ScanReport.indexes(scan, "  ".repeat(depth), text);
    }
    operator.inputs().forEach(input -> explainIndexes(input, depth + 1, text));
  }

  /// What each scan of a table would read.
  public List<ScanReport.Estimate> estimates() {
    List<ScanReport.Estimate> estimates = new ArrayList<>();
    collect(root, estimates);
    return estimates;
  }

  private static void collect(Operator operator, List<ScanReport.Estimate> estimates) {
    if (operator instanceof TableScan scan) {
      estimates.add(ScanReport.estimate(scan));
    }
    operator.inputs().forEach(input -> collect(input, estimates));
  }

  @Override
  public void close() {
    views.close();
  }
}
