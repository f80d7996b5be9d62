// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import java.util.List;

/// INTERSECT or EXCEPT of two inputs of the same types; NULL equals NULL here.
///
/// @param all whether equal rows count as often as they come (`INTERSECT ALL`)
public record SetOperation(Operator left, Operator right, Kind kind, boolean all)
    implements Operator {
  /// Which rows of the left input stay.
  public enum Kind {
    INTERSECT,
    EXCEPT
  }

  @Override
  public List<DataType> types() {
    return UnionAll.shared(List.of(left, right));
  }

  @Override
  public List<Operator> inputs() {
    return List.of(left, right);
  }

  @Override
  public String describe() {
    return kind + (all ? " ALL" : "");
  }

  @Override
  public ParallelSource open(QueryContext context) {
    return SetOperationRun.open(this, 0, context);
  }
}
