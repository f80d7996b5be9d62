// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

/// Values that the driver made itself, as the objects that [Column] names.
public final class ObjectColumn extends Column {
  private final Object[] values;

  public ObjectColumn(SqlType type, Object[] values) {
    super(type);
    this.values = values.clone();
  }

  @Override
  public boolean isNull(int row) {
    return values[row] == null;
  }

  @Override
  Object value(int row) {
    return values[row];
  }
}
