// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.column;

import dev.varve.storage.type.DataType;

/// A column as declared.
///
/// @param kind where a value comes from when an insert gives none
/// @param expression SQL of DEFAULT, MATERIALIZED or ALIAS, or empty
/// @param codec the argument of `CODEC(…)`, or empty for the engine's choice
public record ColumnDefinition(
    String name, DataType type, Kind kind, String expression, String codec, String comment) {
  /// How a column gets its values.
  public enum Kind {
    /// Inserted, else the type's default value, else the expression of DEFAULT.
    DEFAULT,
    /// Always computed at insert; not part of `SELECT *`.
    MATERIALIZED,
    /// Computed at read, never stored; not part of `SELECT *`.
    ALIAS
  }

  public static ColumnDefinition of(String name, DataType type) {
    return new ColumnDefinition(name, type, Kind.DEFAULT, "", "", "");
  }

  public boolean isStored() {
    return kind != Kind.ALIAS;
  }
}
