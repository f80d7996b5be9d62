// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// Values that come as streams: each is read at once and set as the bytes or the text it is.
interface StreamParameters extends PreparedStatement {
  private void setBinary(int index, InputStream value, long length) throws SQLException {
    setBytes(index, ParameterValues.bytes(value, length));
  }

  private void setText(int index, Reader value, long length) throws SQLException {
    setString(index, ParameterValues.text(value, length));
  }

  private void setAscii(int index, InputStream value, long length) throws SQLException {
    byte[] bytes = ParameterValues.bytes(value, length);
    setString(index, bytes == null ? null : new String(bytes, StandardCharsets.UTF_8));
  }

  @Override
  default void setAsciiStream(int index, InputStream value, int length) throws SQLException {
    setAscii(index, value, length);
  }

  @Override
  default void setAsciiStream(int index, InputStream value, long length) throws SQLException {
    setAscii(index, value, length);
  }

  @Override
  default void setAsciiStream(int index, InputStream value) throws SQLException {
    setAscii(index, value, Long.MAX_VALUE);
  }

  @Override
  @Deprecated
  default void setUnicodeStream(int index, InputStream value, int length) throws SQLException {
    setAscii(index, value, length);
  }

  @Override
  default void setBinaryStream(int index, InputStream value, int length) throws SQLException {
    setBinary(index, value, length);
  }

  @Override
  default void setBinaryStream(int index, InputStream value, long length) throws SQLException {
    setBinary(index, value, length);
  }

  @Override
  default void setBinaryStream(int index, InputStream value) throws SQLException {
    setBinary(index, value, Long.MAX_VALUE);
  }

  @Override
  default void setBlob(int index, InputStream value, long length) throws SQLException {
    setBinary(index, value, length);
  }

  @Override
  default void setBlob(int index, InputStream value) throws SQLException {
    setBinary(index, value, Long.MAX_VALUE);
  }

  @Override
  default void setCharacterStream(int index, Reader value, int length) throws SQLException {
    setText(index, value, length);
  }

  @Override
  default void setCharacterStream(int index, Reader value, long length) throws SQLException {
    setText(index, value, length);
  }

  @Override
  default void setCharacterStream(int index, Reader value) throws SQLException {
    setText(index, value, Long.MAX_VALUE);
  }

  @Override
  default void setNCharacterStream(int index, Reader value, long length) throws SQLException {
    setText(index, value, length);
  }

  @Override
  default void setNCharacterStream(int index, Reader value) throws SQLException {
    setText(index, value, Long.MAX_VALUE);
  }

  @Override
  default void setClob(int index, Reader value, long length) throws SQLException {
    setText(index, value, length);
  }

  @Override
  default void setClob(int index, Reader value) throws SQLException {
    setText(index, value, Long.MAX_VALUE);
  }

  @Override
  default void setNClob(int index, Reader value, long length) throws SQLException {
    setText(index, value, length);
  }

  @Override
  default void setNClob(int index, Reader value) throws SQLException {
    setText(index, value, Long.MAX_VALUE);
  }
}
