// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.type.DataType;
import java.util.List;

/// A node of a physical plan: what to do, not the doing. Immutable, so one plan may run many times.
public interface Operator {
  /// Types of the columns it gives.
  List<DataType> types();

  List<Operator> inputs();

  /// One line for EXPLAIN, without the inputs.
  String describe();

  /// Starts a run. An operator that needs all of its input before its first row reads it here, on
  /// all workers of the context. Inputs are opened through [QueryContext#open].
  ParallelSource open(QueryContext context);
}
