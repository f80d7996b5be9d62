// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.ColumnBatch;
import dev.varve.jdbc.wire.ColumnHeader;
import dev.varve.jdbc.wire.ObjectColumn;
import dev.varve.jdbc.wire.SqlType;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/// An Array. `getArray()` gives an array whose class is that of the element, boxed; elements that
/// are arrays again come as nested Java arrays.
final class VarveArray implements Array {
  private final SqlType type;
  private final List<?> elements;

  VarveArray(SqlType type, List<?> elements) {
    this.type = type;
    this.elements = elements;
  }

  private SqlType elementType() {
    return type.children().get(0);
  }

  List<?> elements() {
    return elements;
  }

  @Override
  public String getBaseTypeName() {
    return elementType().name();
  }

  @Override
  public int getBaseType() {
    return JdbcTypes.code(elementType());
  }

  @Override
  public Object getArray() {
    return toArray(elements, elementType());
  }

  private static Object toArray(List<?> values, SqlType type) {
    Class<?> base = JdbcTypes.javaClass(type);
    Object array =
        java.lang.reflect.Array.newInstance(
            base == Array.class ? Object.class : base, values.size());
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      boolean nested = base == Array.class && value instanceof List<?>;
      ((Object[]) array)[i] =
          nested
              ? toArray((List<?>) value, type.children().get(0))
              : Conversions.toJdbc(value, type);
    }
    return array;
  }

  @Override
  public Object getArray(Map<String, Class<?>> map) {
    return getArray();
  }

  @Override
  public Object getArray(long index, int count) throws SQLException {
    return toArray(slice(index, count), elementType());
  }

  @Override
  public Object getArray(long index, int count, Map<String, Class<?>> map) throws SQLException {
    return getArray(index, count);
  }

  private List<?> slice(long index, int count) throws SQLException {
    if (index < 1 || count < 0 || index - 1 > elements.size()) {
      throw new SQLDataException(
          "elements " + index + " and on of an array of " + elements.size(), "2202E");
    }
    int from = (int) index - 1;
    return elements.subList(from, (int) Math.min((long) from + count, elements.size()));
  }

  @Override
  public ResultSet getResultSet() throws SQLException {
    return rows(elements, 1);
  }

  @Override
  public ResultSet getResultSet(Map<String, Class<?>> map) throws SQLException {
    return getResultSet();
  }

  @Override
  public ResultSet getResultSet(long index, int count) throws SQLException {
    return rows(slice(index, count), (int) index);
  }

  @Override
  public ResultSet getResultSet(long index, int count, Map<String, Class<?>> map)
      throws SQLException {
    return getResultSet(index, count);
  }

  private ResultSet rows(List<?> values, int first) {
    Object[] indexes = new Object[values.size()];
    for (int i = 0; i < indexes.length; i++) {
      indexes[i] = first + i;
    }
    SqlType integer = SqlType.parse("Int32");
    List<ColumnHeader> headers =
        List.of(new ColumnHeader("INDEX", integer), new ColumnHeader("VALUE", elementType()));
    ColumnBatch batch =
        new ColumnBatch(
            indexes.length,
            List.of(
                new ObjectColumn(integer, indexes),
                new ObjectColumn(elementType(), values.toArray())));
    return new VarveResultSet(null, headers, BatchFeed.of(batch));
  }

  @Override
  public void free() {
    // Nothing outside the heap is held.
  }

  @Override
  public String toString() {
    return Literals.nested(elements, type);
  }
}
