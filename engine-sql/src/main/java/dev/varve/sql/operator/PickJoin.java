// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.expression.Expression;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A join in which a left row meets at most one right row with its key: any, or the nearest by an
/// inequality.
///
/// @param nearest the inequality, if the nearest row is wanted
/// @param conditions over the left columns followed by the right columns, which a partner meets
/// @param keepsUnmatched whether left rows without a partner are given, with NULLs
/// @param keepsMatched whether left rows with a partner are given
/// @param oncePerKey whether of left rows with the same key only one is given
public record PickJoin(
    Operator left,
    Operator right,
    List<Integer> leftKeys,
    List<Integer> rightKeys,
    Optional<Nearest> nearest,
    List<Expression> conditions,
    boolean keepsUnmatched,
    boolean keepsMatched,
    boolean oncePerKey)
    implements Operator {
  /// `left >= right` and its like, between columns of one type.
  ///
  /// @param below whether the right value is to be the lesser one
  /// @param orEqual whether it may be the same
  public record Nearest(int left, int right, boolean below, boolean orEqual) {}

  public PickJoin {
    leftKeys = List.copyOf(leftKeys);
    rightKeys = List.copyOf(rightKeys);
    conditions = List.copyOf(conditions);
  }

  @Override
  public List<DataType> types() {
    List<DataType> types = new ArrayList<>(left.types());
    for (DataType type : right.types()) {
      types.add(keepsUnmatched ? DataTypes.nullable(type) : type);
    }
    return types;
  }

  @Override
  public List<Operator> inputs() {
    return List.of(left, right);
  }

  @Override
  public String describe() {
    return (nearest.isPresent() ? "AsofJoin" : "AnyJoin")
        + (keepsUnmatched ? " left" : "")
        + " on "
        + leftKeys
        + " = "
        + rightKeys;
  }

  @Override
  public ParallelSource open(QueryContext context) {
    return PickSource.open(this, 0, context);
  }
}
