// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.operator.AggregateCall;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.ParallelSource;
import dev.varve.sql.operator.QueryContext;
import dev.varve.sql.operator.TableScan;
import dev.varve.sql.operator.Values;
import dev.varve.storage.type.DataType;
import java.util.List;
import java.util.Optional;

/// Aggregates over a whole table from what is kept of its granules, less what the dead rows of a
/// few granules add; these are read.
///
/// @param otherwise aggregates all rows, where the parts turn out not to know an answer
record CorrectedAnswers(TableScan scan, List<AggregateCall> calls, Operator otherwise)
    implements Operator {
  @Override
  public List<DataType> types() {
    return otherwise.types();
  }

  @Override
  public List<Operator> inputs() {
    return List.of();
  }

  @Override
  public String describe() {
    return "Metadata of " + scan.view().definition().name() + ", less its dead rows: " + calls;
  }

  @Override
  public ParallelSource open(QueryContext context) {
    Optional<List<Object>> row;
    try (DirtyGranules dirty = new DirtyGranules(context.allocator())) {
      row = MetadataAnswers.row(scan, calls, dirty);
    }
    return row.map(known -> (Operator) new Values(types(), List.of(known)))
        .orElse(otherwise)
        .open(context);
  }
}
