// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.merge.read.TableView;
import dev.varve.sql.expression.Expression;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.List;

/// The rows of a table's view that count and for which the conjuncts are true.
///
/// Dead rows are dropped first, then the conjuncts run on their own columns, and the other columns
/// are decoded only where rows remain. The view stays the caller's, who closes it after the query.
///
/// @param columns stored columns to read
/// @param conjuncts conditions over `columns`
/// @param output which of `columns` are given, by position
/// @param granules which granules may hold wanted rows
/// @param joinKeys columns whose values must be among the keys of a join above, once it knows them
public record TableScan(
    TableView view,
    List<Column> columns,
    List<Expression> conjuncts,
    List<Integer> output,
    GranuleFilter granules,
    List<JoinKeys> joinKeys)
    implements Operator {
  /// Rows whose value in a column is not in the slot's set have no partner in a join above.
  public record JoinKeys(KeySetSlot slot, int column) {}

  /// A column to read; `defaultValue` (as `VectorValues` names it, null for NULL) stands for it in
  /// parts that were written before it was added.
  public record Column(String name, DataType type, Object defaultValue) {}

  public TableScan {
    columns = List.copyOf(columns);
    conjuncts = List.copyOf(conjuncts);
    output = List.copyOf(output);
    joinKeys = List.copyOf(joinKeys);
  }

  /// A scan that no join has narrowed yet.
  public TableScan(
      TableView view,
      List<Column> columns,
      List<Expression> conjuncts,
      List<Integer> output,
      GranuleFilter granules) {
    this(view, columns, conjuncts, output, granules, List.of());
  }

  /// The same scan giving these of its columns, by their present positions.
  public TableScan withOutput(List<Integer> wanted) {
    List<Integer> chosen = wanted.stream().map(output::get).toList();
    return new TableScan(view, columns, conjuncts, chosen, granules, joinKeys);
  }

  /// The same scan, narrowed by the keys of one more join.
  ///
  /// @param column position in the output
  public TableScan withJoinKeys(KeySetSlot slot, int column) {
    List<JoinKeys> more = new ArrayList<>(joinKeys);
    more.add(new JoinKeys(slot, output.get(column)));
    return new TableScan(view, columns, conjuncts, output, granules, more);
  }

  @Override
  public List<DataType> types() {
    return output.stream().map(c -> columns.get(c).type()).toList();
  }

  @Override
  public List<Operator> inputs() {
    return List.of();
  }

  @Override
  public String describe() {
    return "Scan "
        + view.definition().name()
        + " "
        + output.stream().map(c -> columns.get(c).name()).toList()
        + (view.isExact() ? "" : " as stored")
        + (conjuncts.isEmpty() ? "" : " where " + conjuncts)
        + (joinKeys.isEmpty()
            ? ""
            : " join keys " + joinKeys.stream().map(k -> columns.get(k.column()).name()).toList());
  }

  @Override
  public ParallelSource open(QueryContext context) {
    return ScanSource.open(this, context, null);
  }
}
