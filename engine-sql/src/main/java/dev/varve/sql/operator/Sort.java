// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import java.util.List;

/// ORDER BY, with OFFSET and LIMIT if there are any: with a small limit only the rows that can
/// still be among the first are kept.
///
/// @param limit -1 for all rows
public record Sort(Operator input, List<SortKey> keys, long offset, long limit)
    implements Operator {
  public Sort {
    keys = List.copyOf(keys);
  }

  @Override
  public List<DataType> types() {
    return input.types();
  }

  @Override
  public List<Operator> inputs() {
    return List.of(input);
  }

  @Override
  public String describe() {
    return "Sort "
        + keys
        + (limit < 0 ? "" : " limit " + limit)
        + (offset == 0 ? "" : " offset " + offset);
  }

  @Override
  public ParallelSource open(QueryContext context) {
    return new Sorting(this, context).run();
  }
}
