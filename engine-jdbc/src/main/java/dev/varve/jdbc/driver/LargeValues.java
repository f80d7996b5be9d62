// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.rowset.serial.SerialBlob;

/// Values as streams and large objects, made of their bytes or their text.
interface LargeValues extends ResultSet {
  @Override
  default Blob getBlob(int index) throws SQLException {
    byte[] bytes = getBytes(index);
    return bytes == null ? null : new SerialBlob(bytes);
  }

  @Override
  default Clob getClob(int index) throws SQLException {
    return getNClob(index);
  }

  @Override
  default NClob getNClob(int index) throws SQLException {
    String text = getString(index);
    return text == null ? null : new TextClob(text);
  }

  @Override
  default String getNString(int index) throws SQLException {
    return getString(index);
  }

  @Override
  default InputStream getAsciiStream(int index) throws SQLException {
    String text = getString(index);
    return text == null ? null : stream(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  @Deprecated
  default InputStream getUnicodeStream(int index) throws SQLException {
    String text = getString(index);
    return text == null ? null : stream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  default InputStream getBinaryStream(int index) throws SQLException {
    byte[] bytes = getBytes(index);
    return bytes == null ? null : stream(bytes);
  }

  @Override
  default Reader getCharacterStream(int index) throws SQLException {
    String text = getString(index);
    return text == null ? null : new StringReader(text);
  }

  @Override
  default Reader getNCharacterStream(int index) throws SQLException {
    return getCharacterStream(index);
  }

  private static InputStream stream(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }
}
