// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.SqlType;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Map;

/// An array that a program made to send it; its element type is a name that nobody has checked.
record GivenArray(String elementType, List<Object> elements) implements Array {
  @Override
  public String getBaseTypeName() {
    return elementType;
  }

  @Override
  public int getBaseType() {
    try {
      return JdbcTypes.code(SqlType.parse(elementType));
    } catch (IllegalArgumentException e) {
      // A name of SQL's own, or none: the engine reads the elements by their column's type.
      return Types.OTHER;
    }
  }

  @Override
  public Object getArray() {
    return elements.toArray();
  }

  @Override
  public Object getArray(Map<String, Class<?>> map) {
    return getArray();
  }

  @Override
  public Object getArray(long index, int count) {
    int from = (int) index - 1;
    return elements.subList(from, Math.min(from + count, elements.size())).toArray();
  }

  @Override
  public Object getArray(long index, int count, Map<String, Class<?>> map) {
    return getArray(index, count);
  }

  @Override
  public ResultSet getResultSet() throws SQLException {
    throw Wrapped.notSupported("rows of an array that was made to be sent");
  }

  @Override
  public ResultSet getResultSet(Map<String, Class<?>> map) throws SQLException {
    return getResultSet();
  }

  @Override
  public ResultSet getResultSet(long index, int count) throws SQLException {
    return getResultSet();
  }

  @Override
  public ResultSet getResultSet(long index, int count, Map<String, Class<?>> map)
      throws SQLException {
    return getResultSet();
  }

  @Override
  public void free() {
    // Nothing outside the heap is held.
  }
}
