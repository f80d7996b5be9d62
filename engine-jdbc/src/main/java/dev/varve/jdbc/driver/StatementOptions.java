// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;

/// What is set on a statement before it runs, and what its results are like. A statement that is
/// closed tells nothing.
abstract class StatementOptions implements Statement {
  private long maxRows;
  private int timeoutSeconds;
  private int fetchSize;
  private boolean escapes = true;
  private boolean poolable;
  private boolean closeOnCompletion;

  abstract void requireOpen() throws SQLException;

  static int requireNotNegative(int value, String what) throws SQLException {
    if (value < 0) {
      throw new SQLException("a " + what + " of " + value + " makes no sense", "HY024");
    }
    return value;
  }

  final long maxRows() {
    return maxRows;
  }

  final int timeoutSeconds() {
    return timeoutSeconds;
  }

  static int toInt(long count) {
    return (int) Math.min(count, Integer.MAX_VALUE);
  }

  final boolean closesOnCompletion() {
    return closeOnCompletion;
  }

  final boolean translatesEscapes() {
    return escapes;
  }

  @Override
  public final void setQueryTimeout(int seconds) throws SQLException {
    requireOpen();
    timeoutSeconds = requireNotNegative(seconds, "timeout");
  }

  @Override
  public final int getQueryTimeout() throws SQLException {
    requireOpen();
    return timeoutSeconds;
  }

  @Override
  public final void setMaxRows(int rows) throws SQLException {
    requireOpen();
    maxRows = requireNotNegative(rows, "number of rows");
  }

  @Override
  public final int getMaxRows() throws SQLException {
    return toInt(getLargeMaxRows());
  }

  @Override
  public final void setLargeMaxRows(long rows) throws SQLException {
    requireOpen();
    if (rows < 0) {
      throw new SQLException("a number of rows of " + rows + " makes no sense", "HY024");
    }
    maxRows = rows;
  }

  @Override
  public final long getLargeMaxRows() throws SQLException {
    requireOpen();
    return maxRows;
  }

  @Override
  public final void setMaxFieldSize(int bytes) throws SQLException {
    requireOpen();
    if (requireNotNegative(bytes, "field size") > 0) {
      throw Wrapped.notSupported("cutting values off at a size");
    }
  }

  @Override
  public final int getMaxFieldSize() throws SQLException {
    requireOpen();
    return 0;
  }

  @Override
  public final void setFetchSize(int rows) throws SQLException {
    requireOpen();
    // Rows always stream in the engine's batches; the number is only remembered.
    fetchSize = rows == Integer.MIN_VALUE ? 0 : requireNotNegative(rows, "fetch size");
  }

  @Override
  public final int getFetchSize() throws SQLException {
    requireOpen();
    return fetchSize;
  }

  @Override
  public final void setFetchDirection(int direction) throws SQLException {
    requireOpen();
    if (direction < ResultSet.FETCH_FORWARD || direction > ResultSet.FETCH_UNKNOWN) {
      throw new SQLException("no fetch direction " + direction, "HY024");
    }
  }

  @Override
  public final int getFetchDirection() throws SQLException {
    requireOpen();
    return ResultSet.FETCH_FORWARD;
  }

  @Override
  public final void setEscapeProcessing(boolean on) throws SQLException {
    requireOpen();
    escapes = on;
  }

  @Override
  public final SQLWarning getWarnings() throws SQLException {
    requireOpen();
    return null;
  }

  @Override
  public final void clearWarnings() throws SQLException {
    requireOpen();
  }

  @Override
  public final void setCursorName(String name) throws SQLException {
    // Without positioned updates JDBC wants this to do nothing.
    requireOpen();
  }

  @Override
  public final int getResultSetConcurrency() throws SQLException {
    requireOpen();
    return ResultSet.CONCUR_READ_ONLY;
  }

  @Override
  public final int getResultSetType() throws SQLException {
    requireOpen();
    return ResultSet.TYPE_FORWARD_ONLY;
  }

  @Override
  public final int getResultSetHoldability() throws SQLException {
    requireOpen();
    return ResultSet.HOLD_CURSORS_OVER_COMMIT;
  }

  @Override
  public final void setPoolable(boolean wanted) throws SQLException {
    requireOpen();
    poolable = wanted;
  }

  @Override
  public final boolean isPoolable() throws SQLException {
    requireOpen();
    return poolable;
  }

  @Override
  public final void closeOnCompletion() throws SQLException {
    requireOpen();
    closeOnCompletion = true;
  }

  @Override
  public final boolean isCloseOnCompletion() throws SQLException {
    requireOpen();
    return closeOnCompletion;
  }
}
