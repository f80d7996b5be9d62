// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.expression.Expression;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;

/// Join by equality of keys, with whatever else must hold. Builds a table of the right side.
///
/// @param leftKeys columns of the left side; key `i` has the same type on both sides, but for
///   Nullable
/// @param rightKeys columns of the right side
/// @param nullSafe for each key whether NULL equals NULL (`IS NOT DISTINCT FROM`)
/// @param residual further conditions over the left columns followed by the right columns
public record HashJoin(
    Operator left,
    Operator right,
    JoinKind kind,
    List<Integer> leftKeys,
    List<Integer> rightKeys,
    List<Boolean> nullSafe,
    List<Expression> residual)
    implements Operator {
  public HashJoin {
    leftKeys = List.copyOf(leftKeys);
    rightKeys = List.copyOf(rightKeys);
    nullSafe = List.copyOf(nullSafe);
    residual = List.copyOf(residual);
  }

  @Override
  public List<DataType> types() {
    return joinedTypes(left, right, kind);
  }

  static List<DataType> joinedTypes(Operator left, Operator right, JoinKind kind) {
    List<DataType> types = new ArrayList<>();
    left.types().forEach(type -> types.add(kind.keepsRight() ? DataTypes.nullable(type) : type));
    if (kind.givesRight()) {
      right.types().forEach(type -> types.add(kind.keepsLeft() ? DataTypes.nullable(type) : type));
    }
    return types;
  }

  @Override
  public List<Operator> inputs() {
    return List.of(left, right);
  }

  @Override
  public String describe() {
    return "HashJoin "
        + kind
        + " left="
        + leftKeys
        + " right="
        + rightKeys
        + (residual.isEmpty() ? "" : " if " + residual);
  }

  @Override
  public ParallelSource open(QueryContext context) {
    return new JoinSource(left, right, kind, leftKeys, rightKeys, nullSafe, residual, context);
  }
}
