// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.SqlType;
import java.sql.ParameterMetaData;
import java.sql.SQLException;
import java.util.List;

/// Parameters of a prepared statement. Those of an INSERT have the types of their columns, others
/// the types that the engine finds for their places. Whatever type is sent, the engine converts it
/// where it can; where any will do, and where nobody knows, String is said.
final class VarveParameterMetaData implements ParameterMetaData, Wrapped {
  private static final SqlType TEXT = SqlType.parse("Nullable(String)");

  private final int count;
  private final List<SqlType> types;

  /// @param types of all parameters, or none where they are not known
  VarveParameterMetaData(int count, List<SqlType> types) {
    this.count = count;
    this.types = types;
  }

  private SqlType type(int index) throws SQLException {
    if (index < 1 || index > count) {
      throw new SQLException("no parameter " + index + "; there are " + count, "07009");
    }
    return types.isEmpty() ? TEXT : types.get(index - 1);
  }

  @Override
  public int getParameterCount() {
    return count;
  }

  @Override
  public int isNullable(int index) throws SQLException {
    SqlType type = type(index);
    if (types.isEmpty()) {
      return parameterNullableUnknown;
    }
    return type.nullable() ? parameterNullable : parameterNoNulls;
  }

  @Override
  public boolean isSigned(int index) throws SQLException {
    return JdbcTypes.isSigned(type(index));
  }

  @Override
  public int getPrecision(int index) throws SQLException {
    return JdbcTypes.precision(type(index));
  }

  @Override
  public int getScale(int index) throws SQLException {
    return JdbcTypes.scale(type(index));
  }

  @Override
  public int getParameterType(int index) throws SQLException {
    return JdbcTypes.code(type(index));
  }

  @Override
  public String getParameterTypeName(int index) throws SQLException {
    return type(index).name();
  }

  @Override
  public String getParameterClassName(int index) throws SQLException {
    return JdbcTypes.javaClass(type(index)).getName();
  }

  @Override
  public int getParameterMode(int index) throws SQLException {
    type(index);
    return parameterModeIn;
  }
}
