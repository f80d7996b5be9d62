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

/// The half of a callable statement that takes results out of parameters by name. There are none to
/// take.
interface NoNamedOutputs extends CallableStatement {
  private static SQLException absent() {
    return Wrapped.notSupported("a named output parameter");
  }

  @Override
  default void registerOutParameter(String parameter, int value) throws SQLException {
    throw absent();
  }

  @Override
  default void registerOutParameter(String parameter, int value, int length) throws SQLException {
    throw absent();
  }

  @Override
  default void registerOutParameter(String parameter, int value, String length)
      throws SQLException {
    throw absent();
  }

  @Override
  default String getString(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default boolean getBoolean(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default byte getByte(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default short getShort(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default int getInt(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default long getLong(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default float getFloat(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default double getDouble(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default byte[] getBytes(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Date getDate(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Time getTime(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Timestamp getTimestamp(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Object getObject(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default BigDecimal getBigDecimal(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Object getObject(String parameter, Map<String, Class<?>> value) throws SQLException {
    throw absent();
  }

  @Override
  default Ref getRef(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Blob getBlob(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Clob getClob(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Array getArray(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Date getDate(String parameter, Calendar value) throws SQLException {
    throw absent();
  }

  @Override
  default Time getTime(String parameter, Calendar value) throws SQLException {
    throw absent();
  }

  @Override
  default Timestamp getTimestamp(String parameter, Calendar value) throws SQLException {
    throw absent();
  }

  @Override
  default URL getURL(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default RowId getRowId(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default NClob getNClob(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default SQLXML getSQLXML(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default String getNString(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Reader getNCharacterStream(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default Reader getCharacterStream(String parameter) throws SQLException {
    throw absent();
  }

  @Override
  default <T> T getObject(String parameter, Class<T> value) throws SQLException {
    throw absent();
  }

  @Override
  default void registerOutParameter(String parameter, SQLType value) throws SQLException {
    throw absent();
  }

  @Override
  default void registerOutParameter(String parameter, SQLType value, int length)
      throws SQLException {
    throw absent();
  }

  @Override
  default void registerOutParameter(String parameter, SQLType value, String length)
      throws SQLException {
    throw absent();
  }
}
