// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;

/// The half of a callable statement that sets parameters by name. Ours are told by number.
interface NoNamedParameters extends CallableStatement {
  private static SQLException absent() {
    return Wrapped.notSupported("a named parameter");
  }

  @Override
  default void setURL(String parameter, URL value) throws SQLException {
    throw absent();
  }

  @Override
  default void setNull(String parameter, int value) throws SQLException {
    throw absent();
  }

  @Override
  default void setBoolean(String parameter, boolean value) throws SQLException {
    throw absent();
  }

  @Override
  default void setByte(String parameter, byte value) throws SQLException {
    throw absent();
  }

  @Override
  default void setShort(String parameter, short value) throws SQLException {
    throw absent();
  }

  @Override
  default void setInt(String parameter, int value) throws SQLException {
    throw absent();
  }

  @Override
  default void setLong(String parameter, long value) throws SQLException {
    throw absent();
  }

  @Override
  default void setFloat(String parameter, float value) throws SQLException {
    throw absent();
  }

  @Override
  default void setDouble(String parameter, double value) throws SQLException {
    throw absent();
  }

  @Override
  default void setBigDecimal(String parameter, BigDecimal value) throws SQLException {
    throw absent();
  }

  @Override
  default void setString(String parameter, String value) throws SQLException {
    throw absent();
  }

  @Override
  default void setBytes(String parameter, byte[] value) throws SQLException {
    throw absent();
  }

  @Override
  default void setDate(String parameter, Date value) throws SQLException {
    throw absent();
  }

  @Override
  default void setTime(String parameter, Time value) throws SQLException {
    throw absent();
  }

  @Override
  default void setTimestamp(String parameter, Timestamp value) throws SQLException {
    throw absent();
  }

  @Override
  default void setAsciiStream(String parameter, InputStream value, int length) throws SQLException {
    throw absent();
  }

  @Override
  default void setBinaryStream(String parameter, InputStream value, int length)
      throws SQLException {
    throw absent();
  }

  @Override
  default void setObject(String parameter, Object value, int length, int scale)
      throws SQLException {
    throw absent();
  }

  @Override
  default void setObject(String parameter, Object value, int length) throws SQLException {
    throw absent();
  }

  @Override
  default void setObject(String parameter, Object value) throws SQLException {
    throw absent();
  }

  @Override
  default void setCharacterStream(String parameter, Reader value, int length) throws SQLException {
    throw absent();
  }

  @Override
  default void setDate(String parameter, Date value, Calendar length) throws SQLException {
    throw absent();
  }

  @Override
  default void setTime(String parameter, Time value, Calendar length) throws SQLException {
    throw absent();
  }

  @Override
  default void setTimestamp(String parameter, Timestamp value, Calendar length)
      throws SQLException {
    throw absent();
  }

  @Override
  default void setNull(String parameter, int value, String length) throws SQLException {
    throw absent();
  }

  @Override
  default void setRowId(String parameter, RowId value) throws SQLException {
    throw absent();
  }

  @Override
  default void setNString(String parameter, String value) throws SQLException {
    throw absent();
  }

  @Override
  default void setNCharacterStream(String parameter, Reader value, long length)
      throws SQLException {
    throw absent();
  }

  @Override
  default void setNClob(String parameter, NClob value) throws SQLException {
    throw absent();
  }

  @Override
  default void setClob(String parameter, Reader value, long length) throws SQLException {
    throw absent();
  }

  @Override
  default void setBlob(String parameter, InputStream value, long length) throws SQLException {
    throw absent();
  }

  @Override
  default void setNClob(String parameter, Reader value, long length) throws SQLException {
    throw absent();
  }

  @Override
  default void setSQLXML(String parameter, SQLXML value) throws SQLException {
    throw absent();
  }

  @Override
  default void setBlob(String parameter, Blob value) throws SQLException {
    throw absent();
  }

  @Override
  default void setClob(String parameter, Clob value) throws SQLException {
    throw absent();
  }

  @Override
  default void setAsciiStream(String parameter, InputStream value, long length)
      throws SQLException {
    throw absent();
  }

  @Override
  default void setBinaryStream(String parameter, InputStream value, long length)
      throws SQLException {
    throw absent();
  }

  @Override
  default void setCharacterStream(String parameter, Reader value, long length) throws SQLException {
    throw absent();
  }

  @Override
  default void setAsciiStream(String parameter, InputStream value) throws SQLException {
    throw absent();
  }

  @Override
  default void setBinaryStream(String parameter, InputStream value) throws SQLException {
    throw absent();
  }

  @Override
  default void setCharacterStream(String parameter, Reader value) throws SQLException {
    throw absent();
  }

  @Override
  default void setNCharacterStream(String parameter, Reader value) throws SQLException {
    throw absent();
  }

  @Override
  default void setClob(String parameter, Reader value) throws SQLException {
    throw absent();
  }

  @Override
  default void setBlob(String parameter, InputStream value) throws SQLException {
    throw absent();
  }

  @Override
  default void setNClob(String parameter, Reader value) throws SQLException {
    throw absent();
  }

  @Override
  default void setObject(String parameter, Object value, SQLType length, int scale)
      throws SQLException {
    throw absent();
  }

  @Override
  default void setObject(String parameter, Object value, SQLType length) throws SQLException {
    throw absent();
  }
}
