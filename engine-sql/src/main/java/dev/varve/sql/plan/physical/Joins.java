// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.operator.HashJoin;
import dev.varve.sql.operator.JoinKind;
import dev.varve.sql.operator.NestedLoopJoin;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.plan.logical.Estimates;
import dev.varve.sql.plan.relation.PickJoin;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/// Joins: equalities between the sides become keys, the rest is checked on each pair. The side with
/// fewer rows is the one that is kept in memory.
final class Joins {
  private final Physical physical;
  private final Calls calls;
  private final Estimates estimates;

  Joins(Physical physical, Calls calls, Estimates estimates) {
    this.physical = physical;
    this.calls = calls;
    this.estimates = estimates;
  }

  /// An equality of one expression of each side.
  ///
  /// @param straight whether the left side's expression stands first
  private record Key(Expression left, Expression right, boolean nullSafe, boolean straight) {}

  private static final Set<SqlKind> INEQUALITIES =
      Set.of(
          SqlKind.LESS_THAN,
          SqlKind.LESS_THAN_OR_EQUAL,
          SqlKind.GREATER_THAN,
          SqlKind.GREATER_THAN_OR_EQUAL);

  Operator of(Join join) {
    JoinKind kind = kind(join);
    Operator left = physical.of(join.getLeft());
    Operator right = physical.of(join.getRight());
    List<DataType> both = new ArrayList<>(left.types());
    both.addAll(right.types());
    int width = left.types().size();
    RowExpressions onPair =
        new RowExpressions(
            calls, join.getCluster().getRexBuilder(), both, IntUnaryOperator.identity());
    List<Key> keys = new ArrayList<>();
    List<Expression> residual = new ArrayList<>();
    for (RexNode conjunct : RelOptUtil.conjunctions(join.getCondition())) {
      Key key = key(join.getCluster().getRexBuilder(), conjunct, left, right, width);
      if (key != null && !INEQUALITIES.contains(conjunct.getKind())) {
        keys.add(key);
      } else {
        residual.add(onPair.of(conjunct));
      }
    }
    if (keys.isEmpty()) {
      return new NestedLoopJoin(left, right, kind, residual);
    }
    boolean swap = estimates.rows(join.getLeft()) < estimates.rows(join.getRight());
    return swap
        ? swapped(left, right, kind, keys, residual)
        : hashJoin(left, right, kind, keys, residual);
  }

  private static JoinKind kind(Join join) {
    return switch (join.getJoinType()) {
      case INNER -> JoinKind.INNER;
      case LEFT -> JoinKind.LEFT;
      case RIGHT -> JoinKind.RIGHT;
      case FULL -> JoinKind.FULL;
      case SEMI -> JoinKind.SEMI;
      case ANTI -> JoinKind.ANTI;
      case ASOF, LEFT_ASOF, LEFT_MARK ->
          throw new VarveException(
              ErrorCode.NOT_IMPLEMENTED, "a join of kind " + join.getJoinType());
    };
  }

  private Key key(RexBuilder builder, RexNode conjunct, Operator left, Operator right, int width) {
    boolean nullSafe = conjunct.getKind() == SqlKind.IS_NOT_DISTINCT_FROM;
    if (!nullSafe
        && conjunct.getKind() != SqlKind.EQUALS
        && !INEQUALITIES.contains(conjunct.getKind())) {
      return null;
    }
    RexNode first = ((RexCall) conjunct).getOperands().get(0);
    RexNode second = ((RexCall) conjunct).getOperands().get(1);
    ImmutableBitSet firstFields = RelOptUtil.InputFinder.bits(first);
    ImmutableBitSet secondFields = RelOptUtil.InputFinder.bits(second);
    if (firstFields.isEmpty() || secondFields.isEmpty()) {
      return null;
    }
    ImmutableBitSet leftSide = ImmutableBitSet.range(width);
    boolean straight = leftSide.contains(firstFields) && !leftSide.intersects(secondFields);
    boolean crossed = leftSide.contains(secondFields) && !leftSide.intersects(firstFields);
    if (!straight && !crossed) {
      return null;
    }
    RowExpressions ofLeft =
        new RowExpressions(calls, builder, left.types(), IntUnaryOperator.identity());
    RowExpressions ofRight =
        new RowExpressions(calls, builder, right.types(), field -> field - width);
    Expression onLeft = ofLeft.of(straight ? first : second);
    Expression onRight = ofRight.of(straight ? second : first);
    DataType common = calls.commonType(List.of(onLeft, onRight));
    return new Key(calls.cast(onLeft, common), calls.cast(onRight, common), nullSafe, straight);
  }

  /// A join that picks a partner: equalities are keys, one inequality says what is nearest, the
  /// rest is checked on each candidate.
  Operator of(PickJoin join) {
    Operator left = physical.of(join.getLeft());
    Operator right = physical.of(join.getRight());
    RexBuilder builder = join.getCluster().getRexBuilder();
    int width = left.types().size();
    List<DataType> both = new ArrayList<>(left.types());
    both.addAll(right.types());
    RowExpressions onPair = new RowExpressions(calls, builder, both, IntUnaryOperator.identity());
    List<Expression> leftColumns = columns(left);
    List<Expression> rightColumns = columns(right);
    List<Integer> leftKeys = new ArrayList<>();
    List<Integer> rightKeys = new ArrayList<>();
    List<Expression> residual = new ArrayList<>();
    Optional<dev.varve.sql.operator.PickJoin.Nearest> nearest = Optional.empty();
    for (RexNode conjunct : RelOptUtil.conjunctions(join.condition())) {
      Key key = key(builder, conjunct, left, right, width);
      boolean inequality = INEQUALITIES.contains(conjunct.getKind());
      if (key == null || key.nullSafe()) {
        residual.add(onPair.of(conjunct));
      } else if (!inequality) {
        leftKeys.add(position(leftColumns, key.left()));
        rightKeys.add(position(rightColumns, key.right()));
      } else if (join.pick().nearest() && nearest.isEmpty()) {
        SqlKind kind = key.straight() ? conjunct.getKind() : conjunct.getKind().reverse();
        nearest =
            Optional.of(
                new dev.varve.sql.operator.PickJoin.Nearest(
                    position(leftColumns, key.left()),
                    position(rightColumns, key.right()),
                    kind == SqlKind.GREATER_THAN || kind == SqlKind.GREATER_THAN_OR_EQUAL,
                    kind == SqlKind.GREATER_THAN_OR_EQUAL || kind == SqlKind.LESS_THAN_OR_EQUAL));
      } else {
        residual.add(onPair.of(conjunct));
      }
    }
    if (join.pick().nearest() && (nearest.isEmpty() || leftKeys.isEmpty())) {
      throw new VarveException(
          ErrorCode.NOT_IMPLEMENTED,
          "ASOF JOIN needs equalities and one inequality, as in"
              + " ON a.key = b.key AND a.time >= b.time");
    }
    int added = leftColumns.size() - width;
    List<Expression> moved =
        residual.stream()
            .map(condition ->
                Columns.mapped(condition, column -> column < width ? column : column + added))
            .toList();
    Operator joined =
        new dev.varve.sql.operator.PickJoin(
            Physical.projected(left, leftColumns),
            Physical.projected(right, rightColumns),
            leftKeys,
            rightKeys,
            nearest,
            moved,
            join.pick().keepsUnmatched(),
            join.pick().keepsMatched(),
            join.pick().oncePerKey());
    List<Expression> kept = new ArrayList<>();
    for (int i = 0; i < both.size(); i++) {
      int column = i < width ? i : i + added;
      kept.add(new Expression.InputColumn(column, joined.types().get(column)));
    }
    return Physical.projected(joined, kept);
  }

  // Builds of the left side, and puts the columns back in order.
  private static Operator swapped(
      Operator left, Operator right, JoinKind kind, List<Key> keys, List<Expression> residual) {
    JoinKind mirrored =
        switch (kind) {
          case LEFT -> JoinKind.RIGHT;
          case RIGHT -> JoinKind.LEFT;
          case SEMI -> JoinKind.RIGHT_SEMI;
          case ANTI -> JoinKind.RIGHT_ANTI;
          case INNER, FULL -> kind;
          case RIGHT_SEMI, RIGHT_ANTI -> throw new IllegalStateException("swapped already");
        };
    int leftWidth = left.types().size();
    int rightWidth = right.types().size();
    List<Key> turned =
        keys.stream()
            .map(key -> new Key(key.right(), key.left(), key.nullSafe(), !key.straight()))
            .toList();
    List<Expression> moved =
        residual.stream()
            .map(condition ->
                Columns.mapped(
                    condition,
                    column -> column < leftWidth ? column + rightWidth : column - leftWidth))
            .toList();
    HashJoin joined = hashJoin(right, left, mirrored, turned, moved);
    if (mirrored == JoinKind.RIGHT_SEMI || mirrored == JoinKind.RIGHT_ANTI) {
      return joined;
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < leftWidth; i++) {
      order.add(rightWidth + i);
    }
    for (int i = 0; i < rightWidth; i++) {
      order.add(i);
    }
    return joined.withOutput(order);
  }

  // A key that is no column becomes one for the time of the join.
  private static HashJoin hashJoin(
      Operator left, Operator right, JoinKind kind, List<Key> keys, List<Expression> residual) {
    int leftWidth = left.types().size();
    int rightWidth = right.types().size();
    List<Expression> leftColumns = columns(left);
    List<Expression> rightColumns = columns(right);
    List<Integer> leftKeys = new ArrayList<>();
    List<Integer> rightKeys = new ArrayList<>();
    List<Boolean> nullSafe = new ArrayList<>();
    for (Key key : keys) {
      leftKeys.add(position(leftColumns, key.left()));
      rightKeys.add(position(rightColumns, key.right()));
      nullSafe.add(key.nullSafe());
    }
    int added = leftColumns.size() - leftWidth;
    List<Expression> moved =
        residual.stream()
            .map(condition ->
                Columns.mapped(condition, column -> column < leftWidth ? column : column + added))
            .toList();
    HashJoin joined =
        new HashJoin(
            Physical.projected(left, leftColumns),
            Physical.projected(right, rightColumns),
            kind,
            leftKeys,
            rightKeys,
            nullSafe,
            moved);
    List<Integer> kept = new ArrayList<>();
    int ofLeft = kind == JoinKind.RIGHT_SEMI || kind == JoinKind.RIGHT_ANTI ? 0 : leftWidth;
    for (int i = 0; i < ofLeft; i++) {
      kept.add(i);
    }
    boolean leftOnly = kind == JoinKind.SEMI || kind == JoinKind.ANTI;
    int behind = ofLeft == 0 ? 0 : leftColumns.size();
    for (int i = 0; i < rightWidth && !leftOnly; i++) {
      kept.add(behind + i);
    }
    return joined.withOutput(kept);
  }

  private static List<Expression> columns(Operator input) {
    List<Expression> columns = new ArrayList<>();
    for (int i = 0; i < input.types().size(); i++) {
      columns.add(new Expression.InputColumn(i, input.types().get(i)));
    }
    return columns;
  }

  private static int position(List<Expression> columns, Expression key) {
    if (key instanceof Expression.InputColumn(int index, DataType _)) {
      return index;
    }
    int at = columns.indexOf(key);
    if (at >= 0) {
      return at;
    }
    columns.add(key);
    return columns.size() - 1;
  }
}
