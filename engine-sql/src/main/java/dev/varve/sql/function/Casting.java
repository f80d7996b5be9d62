// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function;

import dev.varve.sql.expression.BoundFunction;
import dev.varve.storage.type.DataType;

final class Casting {
  private Casting() {}

  static BoundFunction bind(DataType from, DataType to) {
    throw new UnsupportedOperationException("not built yet");
  }
}
