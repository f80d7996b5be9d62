// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import java.io.InputStream;
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

/// What `prepareCall` gives: a prepared statement. There are no stored procedures and so no output
/// parameters; tools that prepare every statement this way work nevertheless.
final class VarveCallableStatement extends VarvePreparedStatement implements CallableStatement {
  VarveCallableStatement(VarveConnection connection, String sql) throws SQLException {
    super(connection, sql);
  }

  private static SQLException noOutput() {
    return Wrapped.notSupported("a named or output parameter");
  }

  @Override
  public void registerOutParameter(int parameter, int value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void registerOutParameter(int parameter, int value, int length) throws SQLException {
    throw noOutput();
  }

  @Override
  public boolean wasNull() throws SQLException {
    throw noOutput();
  }

  @Override
  public String getString(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public boolean getBoolean(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public byte getByte(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public short getShort(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public int getInt(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public long getLong(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public float getFloat(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public double getDouble(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  @Deprecated
  public BigDecimal getBigDecimal(int parameter, int value) throws SQLException {
    throw noOutput();
  }

  @Override
  public byte[] getBytes(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Date getDate(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Time getTime(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Timestamp getTimestamp(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Object getObject(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public BigDecimal getBigDecimal(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Object getObject(int parameter, Map<String, Class<?>> value) throws SQLException {
    throw noOutput();
  }

  @Override
  public Ref getRef(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Blob getBlob(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Clob getClob(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Array getArray(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Date getDate(int parameter, Calendar value) throws SQLException {
    throw noOutput();
  }

  @Override
  public Time getTime(int parameter, Calendar value) throws SQLException {
    throw noOutput();
  }

  @Override
  public Timestamp getTimestamp(int parameter, Calendar value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void registerOutParameter(int parameter, int value, String length) throws SQLException {
    throw noOutput();
  }

  @Override
  public void registerOutParameter(String parameter, int value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void registerOutParameter(String parameter, int value, int length) throws SQLException {
    throw noOutput();
  }

  @Override
  public void registerOutParameter(String parameter, int value, String length) throws SQLException {
    throw noOutput();
  }

  @Override
  public URL getURL(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setURL(String parameter, URL value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setNull(String parameter, int value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setBoolean(String parameter, boolean value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setByte(String parameter, byte value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setShort(String parameter, short value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setInt(String parameter, int value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setLong(String parameter, long value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setFloat(String parameter, float value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setDouble(String parameter, double value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setBigDecimal(String parameter, BigDecimal value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setString(String parameter, String value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setBytes(String parameter, byte[] value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setDate(String parameter, Date value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setTime(String parameter, Time value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setTimestamp(String parameter, Timestamp value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setAsciiStream(String parameter, InputStream value, int length) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setBinaryStream(String parameter, InputStream value, int length) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setObject(String parameter, Object value, int length, int scale) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setObject(String parameter, Object value, int length) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setObject(String parameter, Object value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setCharacterStream(String parameter, Reader value, int length) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setDate(String parameter, Date value, Calendar length) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setTime(String parameter, Time value, Calendar length) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setTimestamp(String parameter, Timestamp value, Calendar length) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setNull(String parameter, int value, String length) throws SQLException {
    throw noOutput();
  }

  @Override
  public String getString(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public boolean getBoolean(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public byte getByte(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public short getShort(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public int getInt(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public long getLong(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public float getFloat(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public double getDouble(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public byte[] getBytes(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Date getDate(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Time getTime(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Timestamp getTimestamp(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Object getObject(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public BigDecimal getBigDecimal(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Object getObject(String parameter, Map<String, Class<?>> value) throws SQLException {
    throw noOutput();
  }

  @Override
  public Ref getRef(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Blob getBlob(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Clob getClob(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Array getArray(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Date getDate(String parameter, Calendar value) throws SQLException {
    throw noOutput();
  }

  @Override
  public Time getTime(String parameter, Calendar value) throws SQLException {
    throw noOutput();
  }

  @Override
  public Timestamp getTimestamp(String parameter, Calendar value) throws SQLException {
    throw noOutput();
  }

  @Override
  public URL getURL(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public RowId getRowId(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public RowId getRowId(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setRowId(String parameter, RowId value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setNString(String parameter, String value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setNCharacterStream(String parameter, Reader value, long length) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setNClob(String parameter, NClob value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setClob(String parameter, Reader value, long length) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setBlob(String parameter, InputStream value, long length) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setNClob(String parameter, Reader value, long length) throws SQLException {
    throw noOutput();
  }

  @Override
  public NClob getNClob(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public NClob getNClob(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setSQLXML(String parameter, SQLXML value) throws SQLException {
    throw noOutput();
  }

  @Override
  public SQLXML getSQLXML(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public SQLXML getSQLXML(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public String getNString(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public String getNString(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Reader getNCharacterStream(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Reader getNCharacterStream(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Reader getCharacterStream(int parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public Reader getCharacterStream(String parameter) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setBlob(String parameter, Blob value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setClob(String parameter, Clob value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setAsciiStream(String parameter, InputStream value, long length) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setBinaryStream(String parameter, InputStream value, long length)
      throws SQLException {
    throw noOutput();
  }

  @Override
  public void setCharacterStream(String parameter, Reader value, long length) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setAsciiStream(String parameter, InputStream value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setBinaryStream(String parameter, InputStream value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setCharacterStream(String parameter, Reader value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setNCharacterStream(String parameter, Reader value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setClob(String parameter, Reader value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setBlob(String parameter, InputStream value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setNClob(String parameter, Reader value) throws SQLException {
    throw noOutput();
  }

  @Override
  public <T> T getObject(int parameter, Class<T> value) throws SQLException {
    throw noOutput();
  }

  @Override
  public <T> T getObject(String parameter, Class<T> value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void setObject(String parameter, Object value, SQLType length, int scale)
      throws SQLException {
    throw noOutput();
  }

  @Override
  public void setObject(String parameter, Object value, SQLType length) throws SQLException {
    throw noOutput();
  }

  @Override
  public void registerOutParameter(int parameter, SQLType value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void registerOutParameter(int parameter, SQLType value, int length) throws SQLException {
    throw noOutput();
  }

  @Override
  public void registerOutParameter(int parameter, SQLType value, String length)
      throws SQLException {
    throw noOutput();
  }

  @Override
  public void registerOutParameter(String parameter, SQLType value) throws SQLException {
    throw noOutput();
  }

  @Override
  public void registerOutParameter(String parameter, SQLType value, int length)
      throws SQLException {
    throw noOutput();
  }

  @Override
  public void registerOutParameter(String parameter, SQLType value, String length)
      throws SQLException {
    throw noOutput();
  }
}
