// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.BoundFunction;
import dev.varve.sql.expression.Expression;
import dev.varve.sql.operator.Filter;
import dev.varve.sql.operator.HashAggregate;
import dev.varve.sql.operator.HashJoin;
import dev.varve.sql.operator.JoinKind;
import dev.varve.sql.operator.Limit;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.Project;
import dev.varve.sql.operator.Sort;
import dev.varve.sql.operator.TableScan;
import dev.varve.sql.plan.logical.Estimates;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Which columns of an operator's rows are the same wherever others are the same: all columns of a
/// scan where one of them is of values that come once, a join's key on one side where it is on the
/// other, what is computed of columns where they are.
///
/// Columns of the whole tree are numbered; two places that surely hold the same value of a row may
/// have one number. What outer joins fill up with NULL determines nothing here.
final class Dependencies {
  /// Where these columns are the same, so are those.
  private record Fact(BitSet these, BitSet those) {}

  private final Estimates estimates;
  private final List<Fact> facts = new ArrayList<>();
  private final Map<TableScan, Integer> rowOf = new IdentityHashMap<>();
  private final int[] columns;
  private int numbers;

  private Dependencies(Operator operator, Estimates estimates) {
    this.estimates = estimates;
    this.columns = visit(operator);
  }

  /// What holds of the rows of an operator.
  static Dependencies of(Operator operator, Estimates estimates) {
    return new Dependencies(operator, estimates);
  }

  /// Some of these columns, in their order, that determine the others. What is dropped first is
  /// what costs most to group by.
  List<Integer> determining(List<Integer> keys, List<DataType> types) {
    List<Integer> byCost = new ArrayList<>(keys);
    byCost.sort((a, b) -> Integer.compare(cost(types.get(b)), cost(types.get(a))));
    List<Integer> kept = new ArrayList<>(keys);
    for (Integer key : byCost) {
      List<Integer> others = new ArrayList<>(kept);
      others.remove(key);
      if (!others.isEmpty() && determined(others).get(columns[key])) {
        kept = others;
      }
    }
    return kept;
  }

  private static int cost(DataType type) {
    return type.width() == 0 ? 64 : type.isNullable() ? type.width() + 1 : type.width();
  }

  /// Whether rows that have the same values in these columns come of one row of a scan.
  boolean isOneRow(List<Integer> keys, TableScan scan) {
    Integer row = rowOf.get(scan);
    return row != null && determined(keys).get(row);
  }

  private BitSet determined(List<Integer> from) {
    BitSet known = new BitSet(numbers);
    from.forEach(column -> known.set(columns[column]));
    boolean more = true;
    while (more) {
      int before = known.cardinality();
      for (Fact fact : facts) {
        BitSet missing = (BitSet) fact.these.clone();
        missing.andNot(known);
        if (missing.isEmpty()) {
          known.or(fact.those);
        }
      }
      more = known.cardinality() > before;
    }
    return known;
  }

  /// Numbers of an operator's columns.
  private int[] visit(Operator operator) {
    return switch (operator) {
      case TableScan scan -> scan(scan);
      case Project project -> project(project);
      case Filter filter -> visit(filter.input());
      case Sort sort -> visit(sort.input());
      case Limit limit -> visit(limit.input());
      case HashJoin join -> join(join);
      case HashAggregate aggregate when aggregate.sets().size() == 1 -> aggregate(aggregate);
      default -> fresh(operator.types().size());
    };
  }

  private int[] fresh(int count) {
    int[] made = new int[count];
    Arrays.setAll(made, _ -> numbers++);
    return made;
  }

  private int[] scan(TableScan scan) {
    int[] made = fresh(scan.output().size());
    BitSet all = new BitSet();
    Arrays.stream(made).forEach(all::set);
    int row = numbers++;
    all.set(row);
    rowOf.put(scan, row);
    BitSet ofRow = new BitSet();
    ofRow.set(row);
    facts.add(new Fact(ofRow, all));
    for (int i = 0; i < made.length; i++) {
      TableScan.Column column = scan.columns().get(scan.output().get(i));
      if (estimates.isUnique(scan.view(), column.name())) {
        BitSet one = new BitSet();
        one.set(made[i]);
        facts.add(new Fact(one, all));
      }
    }
    return made;
  }

  private int[] project(Project project) {
    int[] below = visit(project.input());
    int[] made = new int[project.expressions().size()];
    for (int i = 0; i < made.length; i++) {
      Expression expression = project.expressions().get(i);
      if (expression instanceof Expression.InputColumn(int index, DataType _)) {
        made[i] = below[index];
        continue;
      }
      made[i] = numbers++;
      if (isSteady(expression)) {
        BitSet inputs = new BitSet();
        expression.collectInputs(inputs);
        BitSet these = new BitSet();
        inputs.stream().forEach(input -> these.set(below[input]));
        BitSet those = new BitSet();
        those.set(made[i]);
        facts.add(new Fact(these, those));
      }
    }
    return made;
  }

  /// Whether equal inputs give equal values.
  static boolean isSteady(Expression expression) {
    return switch (expression) {
      case Expression.Lambda _ -> false;
      case Expression.Call call
          when call.function().stability() == BoundFunction.Stability.VOLATILE ->
          false;
      default -> expression.children().stream().allMatch(Dependencies::isSteady);
    };
  }

  private int[] join(HashJoin join) {
    boolean inner = join.kind() == JoinKind.INNER;
    int leftWidth = join.left().types().size();
    int rightWidth = join.right().types().size();
    int[] left =
        join.kind().givesLeft() && !join.kind().keepsRight()
            ? visit(join.left())
            : fresh(leftWidth);
    int[] right =
        join.kind().givesRight() && !join.kind().keepsLeft()
            ? visit(join.right())
            : fresh(rightWidth);
    for (int k = 0; inner && k < join.leftKeys().size(); k++) {
      BitSet one = new BitSet();
      one.set(left[join.leftKeys().get(k)]);
      BitSet other = new BitSet();
      other.set(right[join.rightKeys().get(k)]);
      // Zeros of both signs are equal, and are two values.
      if (join.left().types().get(join.leftKeys().get(k)).unwrapped().physical().isLong()) {
        facts.add(new Fact(one, other));
        facts.add(new Fact(other, one));
      }
    }
    int[] made = new int[join.output().size()];
    for (int i = 0; i < made.length; i++) {
      int column = join.output().get(i);
      made[i] = column < leftWidth ? left[column] : right[column - leftWidth];
    }
    return made;
  }

  private int[] aggregate(HashAggregate aggregate) {
    int[] below = visit(aggregate.input());
    int[] made = fresh(aggregate.types().size());
    BitSet keys = new BitSet();
    BitSet all = new BitSet();
    Arrays.stream(made).forEach(all::set);
    for (int k = 0; k < aggregate.keys().size(); k++) {
      made[k] = below[aggregate.keys().get(k)];
      keys.set(made[k]);
    }
    facts.add(new Fact(keys, all));
    return made;
  }
}
