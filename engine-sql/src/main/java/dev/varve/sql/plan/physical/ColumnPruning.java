// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.operator.Filter;
import dev.varve.sql.operator.HashAggregate;
import dev.varve.sql.operator.HashJoin;
import dev.varve.sql.operator.LateColumns;
import dev.varve.sql.operator.Limit;
import dev.varve.sql.operator.NestedLoopJoin;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.Project;
import dev.varve.sql.operator.SetOperation;
import dev.varve.sql.operator.Sort;
import dev.varve.sql.operator.SortKey;
import dev.varve.sql.operator.TableScan;
import dev.varve.sql.operator.UnionAll;
import dev.varve.sql.operator.Window;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Takes columns out of a tree of operators that nobody above them reads: a filter's column ends at
/// the filter, a join's key at the join. Projections that only choose or reorder become part of the
/// join or scan below.
final class ColumnPruning {
  private ColumnPruning() {}

  /// The same rows and columns.
  static Operator of(Operator operator) {
    return pruned(operator, all(operator));
  }

  private static List<Integer> all(Operator operator) {
    return IntStream.range(0, operator.types().size()).boxed().toList();
  }

  /// An operator that gives exactly these columns, each named once, in this order.
  private static Operator pruned(Operator operator, List<Integer> wanted) {
    return switch (operator) {
      case TableScan scan -> scan.withOutput(wanted);
      case Project project -> project(project, wanted);
      case Filter filter -> filter(filter, wanted);
      case HashJoin join -> join(join, wanted);
      case NestedLoopJoin join -> join(join, wanted);
      case HashAggregate aggregate -> aggregate(aggregate, wanted);
      case Sort sort -> sort(sort, wanted);
      case LateColumns late -> late(late, wanted);
      case Limit limit -> new Limit(pruned(limit.input(), wanted), limit.offset(), limit.limit());
      case UnionAll union ->
          new UnionAll(union.inputs().stream().map(input -> pruned(input, wanted)).toList());
      case Window window ->
          chosen(
              new Window(of(window.input()), window.partition(), window.order(), window.calls()),
              wanted);
      case SetOperation set ->
          chosen(new SetOperation(of(set.left()), of(set.right()), set.kind(), set.all()), wanted);
      default -> chosen(operator, wanted);
    };
  }

  private static Operator chosen(Operator operator, List<Integer> wanted) {
    List<DataType> types = operator.types();
    List<Expression> columns = new ArrayList<>();
    wanted.forEach(column -> columns.add(new Expression.InputColumn(column, types.get(column))));
    return Physical.projected(operator, columns);
  }

  // Some column must be there to count rows by, if there is any; the narrowest costs least.
  private static List<Integer> atLeastOne(Operator input, Set<Integer> wanted) {
    List<DataType> types = input.types();
    if (!wanted.isEmpty() || types.isEmpty()) {
      return List.copyOf(wanted);
    }
    int best = 0;
    for (int c = 1; c < types.size(); c++) {
      best = cost(types.get(c)) < cost(types.get(best)) ? c : best;
    }
    return List.of(best);
  }

  private static int cost(DataType type) {
    return type.width() == 0 ? 64 : type.width();
  }

  private static Set<Integer> columnsOf(List<Expression> expressions) {
    BitSet inputs = new BitSet();
    expressions.forEach(expression -> expression.collectInputs(inputs));
    Set<Integer> columns = new LinkedHashSet<>();
    inputs.stream().forEach(columns::add);
    return columns;
  }

  private static Operator project(Project project, List<Integer> wanted) {
    List<Expression> expressions = wanted.stream().map(project.expressions()::get).toList();
    Set<Integer> chosen = new LinkedHashSet<>();
    for (Expression expression : expressions) {
      if (expression instanceof Expression.InputColumn(int index, DataType _)) {
        chosen.add(index);
      }
    }
    if (!expressions.isEmpty() && chosen.size() == expressions.size()) {
      return pruned(project.input(), List.copyOf(chosen));
    }
    List<Integer> needed = atLeastOne(project.input(), columnsOf(expressions));
    return Physical.projected(
        pruned(project.input(), needed), Columns.mapped(expressions, needed::indexOf));
  }

  private static Operator filter(Filter filter, List<Integer> wanted) {
    Set<Integer> columns = new LinkedHashSet<>(wanted);
    columns.addAll(columnsOf(filter.conjuncts()));
    List<Integer> needed = List.copyOf(columns);
    Operator kept =
        new Filter(
            pruned(filter.input(), needed), Columns.mapped(filter.conjuncts(), needed::indexOf));
    return chosen(kept, IntStream.range(0, wanted.size()).boxed().toList());
  }

  /// The columns that a join needs of each side.
  private record Sides(List<Integer> left, List<Integer> right, int width) {
    static Sides of(
        Operator left,
        Operator right,
        List<Integer> leftKeys,
        List<Integer> rightKeys,
        List<Integer> both,
        Set<Integer> conditions) {
      int width = left.types().size();
      Set<Integer> ofLeft = new LinkedHashSet<>();
      Set<Integer> ofRight = new LinkedHashSet<>();
      for (Integer column : both) {
        (column < width ? ofLeft : ofRight).add(column < width ? column : column - width);
      }
      for (Integer column : conditions) {
        (column < width ? ofLeft : ofRight).add(column < width ? column : column - width);
      }
      ofLeft.addAll(leftKeys);
      ofRight.addAll(rightKeys);
      return new Sides(atLeastOne(left, ofLeft), atLeastOne(right, ofRight), width);
    }

    int position(int column) {
      return column < width ? left.indexOf(column) : left.size() + right.indexOf(column - width);
    }
  }

  private static Operator join(HashJoin join, List<Integer> wanted) {
    List<Integer> output = wanted.stream().map(join.output()::get).toList();
    Sides sides =
        Sides.of(
            join.left(),
            join.right(),
            join.leftKeys(),
            join.rightKeys(),
            output,
            columnsOf(join.residual()));
    return new HashJoin(
        pruned(join.left(), sides.left()),
        pruned(join.right(), sides.right()),
        join.kind(),
        join.leftKeys().stream().map(sides.left()::indexOf).toList(),
        join.rightKeys().stream().map(sides.right()::indexOf).toList(),
        join.nullSafe(),
        Columns.mapped(join.residual(), sides::position),
        output.stream().map(sides::position).toList(),
        join.published());
  }

  private static Operator join(NestedLoopJoin join, List<Integer> wanted) {
    List<Integer> all = HashJoin.allColumns(join.left(), join.right(), join.kind());
    List<Integer> output = wanted.stream().map(all::get).toList();
    Sides sides =
        Sides.of(
            join.left(), join.right(), List.of(), List.of(), output, columnsOf(join.conditions()));
    return new HashJoin(
        pruned(join.left(), sides.left()),
        pruned(join.right(), sides.right()),
        join.kind(),
        List.of(),
        List.of(),
        List.of(),
        Columns.mapped(join.conditions(), sides::position),
        output.stream().map(sides::position).toList(),
        List.of());
  }

  // The place of a row comes last, where a column is left to be read.
  private static Operator late(LateColumns late, List<Integer> wanted) {
    int width = late.input().types().size();
    List<Integer> needed = new ArrayList<>();
    for (int column : wanted) {
      if (late.carried().get(column) >= 0) {
        needed.add(late.carried().get(column));
      }
    }
    if (needed.size() == wanted.size()) {
      return pruned(late.input(), needed);
    }
    List<Integer> carried = new ArrayList<>();
    List<TableScan.Column> texts = new ArrayList<>();
    for (int column : wanted) {
      carried.add(needed.indexOf(late.carried().get(column)));
      texts.add(late.late().get(column));
    }
    needed.add(width - 2);
    needed.add(width - 1);
    return new LateColumns(pruned(late.input(), needed), late.scan(), carried, texts);
  }

  // A group over all rows stays, though nobody may ask for what it holds.
  private static Operator aggregate(HashAggregate all, List<Integer> wanted) {
    int keys = all.keys().size();
    List<Integer> kept =
        IntStream.range(0, all.calls().size())
            .filter(call -> keys == 0 || wanted.contains(keys + call))
            .boxed()
            .toList();
    HashAggregate aggregate = all.withCalls(kept.stream().map(all.calls()::get).toList());
    Set<Integer> columns = new LinkedHashSet<>(aggregate.keys());
    aggregate.calls().forEach(call -> columns.addAll(call.arguments()));
    aggregate.calls().stream().filter(c -> c.filter() >= 0).forEach(c -> columns.add(c.filter()));
    // A scan counts its rows without any column.
    List<Integer> needed =
        aggregate.input() instanceof TableScan
            ? List.copyOf(columns)
            : atLeastOne(aggregate.input(), columns);
    int dropped = all.calls().size() - kept.size();
    return chosen(
        aggregate.over(pruned(aggregate.input(), needed), needed::indexOf),
        wanted.stream()
            .map(column -> {
              int call = column - keys;
              return call < 0
                  ? column
                  : call < all.calls().size() ? keys + kept.indexOf(call) : column - dropped;
            })
            .toList());
  }

  private static Operator sort(Sort sort, List<Integer> wanted) {
    Set<Integer> columns = new LinkedHashSet<>(wanted);
    sort.keys().forEach(key -> columns.add(key.column()));
    List<Integer> needed = List.copyOf(columns);
    List<SortKey> keys =
        sort.keys().stream()
            .map(key ->
                new SortKey(needed.indexOf(key.column()), key.descending(), key.nullsFirst()))
            .toList();
    return chosen(
        new Sort(pruned(sort.input(), needed), keys, sort.offset(), sort.limit()),
        IntStream.range(0, wanted.size()).boxed().toList());
  }
}
