// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import java.sql.ResultSet;
import java.sql.SQLException;

/// Moves that a result set of streamed rows cannot make.
interface ForwardOnly extends ResultSet {
  private static SQLException absent() {
    return Wrapped.notSupported("moving but forward (the result set is TYPE_FORWARD_ONLY)");
  }

  @Override
  default void beforeFirst() throws SQLException {
    throw absent();
  }

  @Override
  default void afterLast() throws SQLException {
    throw absent();
  }

  @Override
  default boolean first() throws SQLException {
    throw absent();
  }

  @Override
  default boolean last() throws SQLException {
    throw absent();
  }

  @Override
  default boolean absolute(int row) throws SQLException {
    throw absent();
  }

  @Override
  default boolean relative(int rows) throws SQLException {
    throw absent();
  }

  @Override
  default boolean previous() throws SQLException {
    throw absent();
  }
}
