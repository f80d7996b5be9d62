// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.hash.KeySet;
import dev.varve.sql.operator.Filter;
import dev.varve.sql.operator.HashAggregate;
import dev.varve.sql.operator.HashJoin;
import dev.varve.sql.operator.KeySetSlot;
import dev.varve.sql.operator.LateColumns;
import dev.varve.sql.operator.Limit;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.Project;
import dev.varve.sql.operator.SetOperation;
import dev.varve.sql.operator.Sort;
import dev.varve.sql.operator.TableScan;
import dev.varve.sql.operator.UnionAll;
import dev.varve.sql.operator.Window;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// Leads the keys of each join's build side to the scans of its other side, which then read fewer
/// granules and give fewer rows.
///
/// A join that drops left rows without a partner has no use for rows whose key the build side does
/// not hold. Such rows may be dropped below other joins too, and on both sides of those that equate
/// the key: a row that lost its partner that way has itself a key that is not held, or NULL in its
/// place, so that the first join drops it.
final class JoinKeyPushing {
  private JoinKeyPushing() {}

  static Operator of(Operator operator) {
    return switch (operator) {
      case HashJoin join -> join(join);
      case Project project -> new Project(of(project.input()), project.expressions());
      case Filter filter -> new Filter(of(filter.input()), filter.conjuncts());
      case HashAggregate aggregate ->
          aggregate.over(of(aggregate.input()), IntUnaryOperator.identity());
      case Sort sort -> new Sort(of(sort.input()), sort.keys(), sort.offset(), sort.limit());
      case Limit limit -> new Limit(of(limit.input()), limit.offset(), limit.limit());
      case LateColumns late -> late.over(of(late.input()));
      case UnionAll union -> new UnionAll(union.inputs().stream().map(JoinKeyPushing::of).toList());
      case Window window ->
          new Window(of(window.input()), window.partition(), window.order(), window.calls());
      case SetOperation set ->
          new SetOperation(of(set.left()), of(set.right()), set.kind(), set.all());
      default -> operator;
    };
  }

  private static Operator join(HashJoin join) {
    Operator left = join.left();
    List<HashJoin.Published> published = new ArrayList<>(join.published());
    for (int k = 0; k < join.leftKeys().size() && join.kind().dropsLeft(); k++) {
      int leftKey = join.leftKeys().get(k);
      int rightKey = join.rightKeys().get(k);
      if (!join.nullSafe().get(k) && KeySet.isOf(join.right().types().get(rightKey))) {
        KeySetSlot slot = new KeySetSlot();
        Operator narrowed = narrowed(left, leftKey, slot);
        if (narrowed != left) {
          left = narrowed;
          published.add(new HashJoin.Published(rightKey, slot));
        }
      }
    }
    return join.withInputs(of(left), of(join.right()), published);
  }

  /// The operator where its scans drop rows whose value in a column is not in the slot's set; the
  /// same one where they cannot.
  private static Operator narrowed(Operator operator, int column, KeySetSlot slot) {
    return switch (operator) {
      case TableScan scan ->
          KeySet.isOf(scan.types().get(column)) ? scan.withJoinKeys(slot, column) : scan;
      case Project project -> {
        if (!(project.expressions().get(column)
            instanceof Expression.InputColumn(int index, DataType _))) {
          yield project;
        }
        Operator input = narrowed(project.input(), index, slot);
        yield input == project.input() ? project : new Project(input, project.expressions());
      }
      case Filter filter -> {
        Operator input = narrowed(filter.input(), column, slot);
        yield input == filter.input() ? filter : new Filter(input, filter.conjuncts());
      }
      case HashAggregate aggregate -> aggregate(aggregate, column, slot);
      case UnionAll union -> {
        List<Operator> inputs =
            union.inputs().stream().map(input -> narrowed(input, column, slot)).toList();
        boolean same = true;
        for (int i = 0; i < inputs.size(); i++) {
          same &= inputs.get(i) == union.inputs().get(i);
        }
        yield same ? union : new UnionAll(inputs);
      }
      case HashJoin join -> join(join, column, slot);
      default -> operator;
    };
  }

  // Groups are dropped whole, as all rows of a group have its key.
  private static Operator aggregate(HashAggregate aggregate, int column, KeySetSlot slot) {
    if (aggregate.sets().size() > 1 || column >= aggregate.keys().size()) {
      return aggregate;
    }
    Operator input = narrowed(aggregate.input(), aggregate.keys().get(column), slot);
    return input == aggregate.input()
        ? aggregate
        : aggregate.over(input, IntUnaryOperator.identity());
  }

  private static Operator join(HashJoin join, int column, KeySetSlot slot) {
    int given = join.output().get(column);
    int width = join.left().types().size();
    boolean ofLeft = given < width;
    int own = ofLeft ? given : given - width;
    Operator left = ofLeft ? narrowed(join.left(), own, slot) : join.left();
    Operator right = ofLeft ? join.right() : narrowed(join.right(), own, slot);
    for (int k = 0; k < join.leftKeys().size(); k++) {
      if (join.nullSafe().get(k)) {
        continue;
      }
      if (ofLeft && join.leftKeys().get(k) == own) {
        right = narrowed(right, join.rightKeys().get(k), slot);
      } else if (!ofLeft && join.rightKeys().get(k) == own) {
        left = narrowed(left, join.leftKeys().get(k), slot);
      }
    }
    return left == join.left() && right == join.right()
        ? join
        : join.withInputs(left, right, join.published());
  }
}
