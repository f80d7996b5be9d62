// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.sql.expression.Expression;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;

/// Join without an equality: every left row meets every right row. Without conditions it is the
/// cross join.
///
/// @param conditions over the left columns followed by the right columns
public record NestedLoopJoin(
    Operator left, Operator right, JoinKind kind, List<Expression> conditions) implements Operator {
  public NestedLoopJoin {
    conditions = List.copyOf(conditions);
  }

  @Override
  public List<DataType> types() {
    // Each side is asked once: asked twice at each of many joins, the lowest is asked for minutes.
    List<DataType> types = new ArrayList<>();
    if (kind.givesLeft()) {
      left.types().forEach(t -> types.add(kind.keepsRight() ? DataTypes.nullable(t) : t));
    }
    if (kind.givesRight()) {
      right.types().forEach(t -> types.add(kind.keepsLeft() ? DataTypes.nullable(t) : t));
    }
    return types;
  }

  @Override
  public List<Operator> inputs() {
    return List.of(left, right);
  }

  @Override
  public String describe() {
    return "NestedLoopJoin " + kind + (conditions.isEmpty() ? "" : " if " + conditions);
  }

  @Override
  public ParallelSource open(QueryContext context) {
    return JoinSource.open(
        new HashJoin(left, right, kind, List.of(), List.of(), List.of(), conditions), context);
  }
}
