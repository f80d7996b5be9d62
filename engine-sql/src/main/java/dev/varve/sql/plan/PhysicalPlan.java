// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan;

import dev.varve.merge.read.VisiblePart;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.TableScan;
import dev.varve.sql.plan.logical.Views;
import dev.varve.storage.part.Part;
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
    text.append("  ".repeat(depth)).append(operator.describe());
    if (operator instanceof TableScan scan) {
      text.append(reads(scan));
    }
    text.append('\n');
    operator.inputs().forEach(input -> explain(input, depth + 1, text));
  }

  // What pruning leaves: ` parts 2/3 granules 5/120`.
  private static String reads(TableScan scan) {
    int parts = 0;
    long granules = 0;
    long all = 0;
    for (VisiblePart visible : scan.view().parts()) {
      Part part = visible.part();
      all += part.granules();
      if (!scan.granules().mayMatch(part)) {
        continue;
      }
      long[] wanted = scan.granules().granules(part);
      long kept = part.granules();
      if (wanted != null) {
        kept = 0;
        for (long word : wanted) {
          kept += Long.bitCount(word);
        }
      }
      parts += kept > 0 ? 1 : 0;
      granules += kept;
    }
    return " parts "
        + parts
        + "/"
        + scan.view().parts().size()
        + " granules "
        + granules
        + "/"
        + all;
  }

  @Override
  public void close() {
    views.close();
  }
}
