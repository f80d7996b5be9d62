// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.schema;

import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorBuilder;

/// The value of a column in rows that are older than it: NULL, or the type's default.
final class Defaults {
  private Defaults() {}

  static Vector constant(DataType type, int rows, Scratch scratch) {
    VectorBuilder single = new VectorBuilder(type, scratch);
    if (type.isNullable()) {
      single.appendNull();
    } else {
      single.appendDefault();
    }
    return Vector.constant(type, rows, single.build());
  }
}
