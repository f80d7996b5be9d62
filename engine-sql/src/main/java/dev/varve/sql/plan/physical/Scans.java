// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.read.TableView;
import dev.varve.sql.expression.Expression;
import dev.varve.sql.operator.GranuleFilter;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.TableScan;
import dev.varve.sql.operator.VirtualColumn;
import dev.varve.sql.plan.logical.ScanOptions;
import dev.varve.sql.plan.logical.Views;
import dev.varve.sql.plan.validate.ScanTable;
import dev.varve.storage.index.KeyBounds;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.ImmutableBitSet;

/// Scans that read only the columns they need and only the granules that may hold wanted rows.
final class Scans {
  private final Calls calls;
  private final Views views;
  private final ScanOptions options;

  Scans(Calls calls, Views views, ScanOptions options) {
    this.calls = calls;
    this.views = views;
    this.options = options;
  }

  static ScanTable table(org.apache.calcite.rel.core.TableScan scan) {
    return scan.getTable().unwrap(ScanTable.class);
  }

  static boolean isStored(org.apache.calcite.rel.core.TableScan scan) {
    return table(scan).stored().isPresent();
  }

  Operator scan(org.apache.calcite.rel.core.TableScan scan) {
    return switch (table(scan).origin()) {
      case ScanTable.Origin.Made made -> made.operator().get();
      case ScanTable.Origin.Stored _ -> filtered(scan, List.of());
      case ScanTable.Origin.Recursive _ ->
          throw new IllegalStateException("a recursive query was not resolved: " + scan);
    };
  }

  /// All columns of the rows for which the conjuncts are true.
  Operator filtered(org.apache.calcite.rel.core.TableScan scan, List<RexNode> conjuncts) {
    int width = table(scan).columns().size();
    return read(scan, conjuncts, ImmutableBitSet.range(width)).operator();
  }

  /// Expressions over the rows for which the conjuncts are true.
  Operator projected(
      org.apache.calcite.rel.core.TableScan scan, List<RexNode> conjuncts, List<RexNode> projects) {
    ImmutableBitSet needed = RelOptUtil.InputFinder.bits(projects, null);
    if (needed.isEmpty()) {
      needed = ImmutableBitSet.of(smallest(table(scan)));
    }
    Read read = read(scan, conjuncts, needed);
    ImmutableBitSet fields = needed;
    RowExpressions expressions =
        new RowExpressions(
            calls, rexBuilder(scan), read.operator().types(), field -> fields.indexOf(field));
    return moved(read.operator(), expressions.ofAll(projects));
  }

  /// A projection that gives each column once, in whatever order, is the scan's own business.
  private static Operator moved(TableScan scan, List<Expression> expressions) {
    List<Integer> output = new ArrayList<>();
    for (Expression expression : expressions) {
      if (expression instanceof Expression.InputColumn(int index, DataType _)) {
        output.add(scan.output().get(index));
      }
    }
    return output.size() == expressions.size()
            && output.stream().distinct().count() == output.size()
        ? new TableScan(scan.view(), scan.columns(), scan.conjuncts(), output, scan.granules())
        : Physical.projected(scan, expressions);
  }

  private record Read(TableScan operator) {}

  private Read read(
      org.apache.calcite.rel.core.TableScan scan, List<RexNode> conjuncts, ImmutableBitSet needed) {
    ScanTable table = table(scan);
    ImmutableBitSet fields = needed.union(RelOptUtil.InputFinder.bits(conjuncts, null));
    List<TableScan.Column> columns = new ArrayList<>();
    List<DataType> types = new ArrayList<>();
    for (int field : fields) {
      DataType type = table.types().get(field);
      types.add(type);
      columns.add(new TableScan.Column(table.columns().get(field), type, Defaults.of(type)));
    }
    RowExpressions expressions =
        new RowExpressions(calls, rexBuilder(scan), types, field -> fields.indexOf(field));
    List<Expression> conditions = expressions.ofAll(conjuncts);
    List<Integer> output = new ArrayList<>();
    needed.forEachInt(field -> output.add(fields.indexOf(field)));
    MergeTable stored = table.stored().orElseThrow();
    GranuleFilter granules =
        Pruning.of(
            conditions,
            columns,
            stored.definition(),
            stored.skipIndexes(),
            options,
            calls.allocator());
    KeyBounds keys = KeyRange.of(conditions, columns, stored.definition(), calls.allocator());
    TableView view = views.of(stored, keys);
    return new Read(new TableScan(view, columns, conditions, output, granules));
  }

  // Counting rows needs some column; the narrowest costs least.
  private static int smallest(ScanTable table) {
    int best = 0;
    int bestWidth = Integer.MAX_VALUE;
    for (int i = 0; i < table.types().size(); i++) {
      if (VirtualColumn.of(table.columns().get(i)).isPresent()) {
        continue;
      }
      int width = table.types().get(i).width();
      int cost = width == 0 ? 64 : width;
      if (cost < bestWidth) {
        best = i;
        bestWidth = cost;
      }
    }
    return best;
  }

  private static RexBuilder rexBuilder(org.apache.calcite.rel.core.TableScan scan) {
    return scan.getCluster().getRexBuilder();
  }
}
