// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import dev.varve.storage.type.DataType;

/// An aggregate function bound to its parameters and argument types. Safe for threads.
public interface AggregateFunction {
  DataType resultType();

  AggregateState newState();
}
