// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Wrapper;

/// What all our objects answer alike: they wrap nothing but themselves.
interface Wrapped extends Wrapper {
  @Override
  default <T> T unwrap(Class<T> wanted) throws SQLException {
    if (!wanted.isInstance(this)) {
      throw new SQLException(
          getClass().getSimpleName() + " is not a wrapper of " + wanted.getName(), "HY000");
    }
    return wanted.cast(this);
  }

  @Override
  default boolean isWrapperFor(Class<?> wanted) {
    return wanted.isInstance(this);
  }

  /// What a call of something that Varve does not have throws.
  static SQLException notSupported(String what) {
    return new SQLFeatureNotSupportedException(what + " is not supported", "0A000");
  }
}
