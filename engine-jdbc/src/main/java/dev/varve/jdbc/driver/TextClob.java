// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import java.sql.NClob;
import java.sql.SQLException;
import javax.sql.rowset.serial.SerialClob;

/// A text as a CLOB and NCLOB.
final class TextClob extends SerialClob implements NClob {
  private static final long serialVersionUID = 1L;

  TextClob(String text) throws SQLException {
    super(text.toCharArray());
  }
}
