// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.ColumnHeader;
import dev.varve.jdbc.wire.SqlType;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;

/// Columns of a result. The engine says names and types; it does not say which table a column came
/// from, so table and schema are empty, as JDBC allows.
final class VarveResultSetMetaData implements ResultSetMetaData, Wrapped {
  private final List<ColumnHeader> headers;

  VarveResultSetMetaData(List<ColumnHeader> headers) {
    this.headers = List.copyOf(headers);
  }

  private ColumnHeader header(int column) throws SQLException {
    if (column < 1 || column > headers.size()) {
      throw new SQLException(
          "no column " + column + "; the result has " + headers.size() + " columns", "42S22");
    }
    return headers.get(column - 1);
  }

  private SqlType type(int column) throws SQLException {
    return header(column).type();
  }

  @Override
  public int getColumnCount() {
    return headers.size();
  }

  @Override
  public boolean isAutoIncrement(int column) throws SQLException {
    type(column);
    return false;
  }

  @Override
  public boolean isCaseSensitive(int column) throws SQLException {
    return JdbcTypes.isText(type(column));
  }

  @Override
  public boolean isSearchable(int column) throws SQLException {
    type(column);
    return true;
  }

  @Override
  public boolean isCurrency(int column) throws SQLException {
    type(column);
    return false;
  }

  @Override
  public int isNullable(int column) throws SQLException {
    return type(column).nullable() ? columnNullable : columnNoNulls;
  }

  @Override
  public boolean isSigned(int column) throws SQLException {
    return JdbcTypes.isSigned(type(column));
  }

  @Override
  public int getColumnDisplaySize(int column) throws SQLException {
    return JdbcTypes.displaySize(type(column));
  }

  @Override
  public String getColumnLabel(int column) throws SQLException {
    return header(column).name();
  }

  @Override
  public String getColumnName(int column) throws SQLException {
    return header(column).name();
  }

  @Override
  public String getSchemaName(int column) throws SQLException {
    type(column);
    return "";
  }

  @Override
  public int getPrecision(int column) throws SQLException {
    return JdbcTypes.precision(type(column));
  }

  @Override
  public int getScale(int column) throws SQLException {
    return JdbcTypes.scale(type(column));
  }

  @Override
  public String getTableName(int column) throws SQLException {
    type(column);
    return "";
  }

  @Override
  public String getCatalogName(int column) throws SQLException {
    type(column);
    return "";
  }

  @Override
  public int getColumnType(int column) throws SQLException {
    return JdbcTypes.code(type(column));
  }

  @Override
  public String getColumnTypeName(int column) throws SQLException {
    return type(column).name();
  }

  @Override
  public boolean isReadOnly(int column) throws SQLException {
    type(column);
    return true;
  }

  @Override
  public boolean isWritable(int column) throws SQLException {
    type(column);
    return false;
  }

  @Override
  public boolean isDefinitelyWritable(int column) throws SQLException {
    type(column);
    return false;
  }

  @Override
  public String getColumnClassName(int column) throws SQLException {
    return JdbcTypes.javaClass(type(column)).getName();
  }
}
