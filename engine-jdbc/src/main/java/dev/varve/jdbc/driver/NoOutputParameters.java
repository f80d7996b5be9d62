// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.Map;

/// The half of a callable statement that reads what a procedure gave back, by number. There are no
/// procedures, so that nothing was given.
interface NoOutputParameters extends CallableStatement {
  private static SQLException absent() {
    return Wrapped.notSupported("an output parameter");
  }

  @Override
  default void registerOutParameter(int parameter, int value) throws SQLException {
    throw absent();
  }

  @Override
  default void registerOutParameter(int parameter, int value, int length) throws SQLException {
    throw absent();
  }

  @Override
  default boolean wasNull() throws SQLException {
    throw absent();
  }

  @Override
  default String getString(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default boolean getBoolean(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default byte getByte(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default short getShort(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default int getInt(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default long getLong(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default float getFloat(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default double getDouble(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  @Deprecated
  default BigDecimal getBigDecimal(int parameter, int value) throws SQLException {
    throw absent();
  }

  @Override
  default byte[] getBytes(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Date getDate(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Time getTime(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Timestamp getTimestamp(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Object getObject(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default BigDecimal getBigDecimal(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Object getObject(int parameter, Map<String, Class<?>> value) throws SQLException {
    throw absent();
  }

  @Override
  default Ref getRef(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Blob getBlob(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Clob getClob(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Array getArray(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Date getDate(int parameter, Calendar value) throws SQLException {
    throw absent();
  }

  @Override
  default Time getTime(int parameter, Calendar value) throws SQLException {
    throw absent();
  }

  @Override
  default Timestamp getTimestamp(int parameter, Calendar value) throws SQLException {
    throw absent();
  }

  @Override
  default void registerOutParameter(int parameter, int value, String length) throws SQLException {
    throw absent();
  }

  @Override
  default URL getURL(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default RowId getRowId(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default NClob getNClob(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default SQLXML getSQLXML(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default String getNString(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Reader getNCharacterStream(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Reader getCharacterStream(int parameter) throws SQLException {
    throw absent();
  }

  @Override
  default <T> T getObject(int parameter, Class<T> value) throws SQLException {
    throw absent();
  }

  @Override
  default void registerOutParameter(int parameter, SQLType value) throws SQLException {
    throw absent();
  }

  @Override
  default void registerOutParameter(int parameter, SQLType value, int length) throws SQLException {
    throw absent();
  }

  @Override
  default void registerOutParameter(int parameter, SQLType value, String length)
      throws SQLException {
    throw absent();
  }
}
