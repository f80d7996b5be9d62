// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.ColumnBatch;
import dev.varve.jdbc.wire.ColumnHeader;
import dev.varve.jdbc.wire.Progress;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/// Runs SQL. Used by one thread; [#cancel()] may come from another. An error leaves the statement
/// and its connection usable.
class VarveStatement implements Statement, Wrapped, WatchedStatement {
  final VarveConnection connection;
  private final List<String> batch = new ArrayList<>();
  private VarveResultSet result;
  private volatile Answer answer;
  private long updateCount = -1;
  private long maxRows;
  private int timeoutSeconds;
  private int fetchSize;
  private boolean escapes = true;
  private boolean poolable;
  private boolean closeOnCompletion;
  private volatile String running = "";
  private volatile boolean closed;

  VarveStatement(VarveConnection connection) {
    this.connection = connection;
    connection.opened(this);
  }

  static int requireNotNegative(int value, String what) throws SQLException {
    if (value < 0) {
      throw new SQLException("a " + what + " of " + value + " makes no sense", "HY024");
    }
    return value;
  }

  final void requireOpen() throws SQLException {
    if (closed) {
      throw new SQLException("the statement is closed", "HY010");
    }
  }

  final long maxRows() {
    return maxRows;
  }

  final int timeoutSeconds() {
    return timeoutSeconds;
  }

  private String translated(String sql) throws SQLException {
    if (sql == null) {
      throw new SQLException("there is no SQL to run", "HY009");
    }
    return escapes ? Escapes.translate(sql) : sql;
  }

  /// Runs a statement; whether it gives rows.
  final boolean run(String sql, List<Object> parameters) throws SQLException {
    begin();
    if (connection.holdsBack(sql)) {
      updateCount = connection.transaction().add(connection, sql, parameters);
      return false;
    }
    if (!connection.transaction().isEmpty() && isDefinition(sql)) {
      // What defines tables cannot be rolled back here, so it must not overtake what waits.
      connection.transaction().commit(connection);
    }
    running = UUID.randomUUID().toString();
    Answer started = connection.send(sql, parameters, timeoutSeconds, running);
    answer = started;
    try {
      List<ColumnHeader> headers = started.begin();
      if (headers != null) {
        result = new VarveResultSet(this, headers, started);
        return true;
      }
      updateCount = connection.ended(started);
      running = "";
      return false;
    } catch (SQLException | RuntimeException e) {
      running = "";
      started.close();
      throw e;
    }
  }

  private static boolean isDefinition(String sql) {
    switch (SqlText.firstWord(sql)) {
      case "CREATE":
      case "ALTER":
      case "DROP":
      case "RENAME":
      case "TRUNCATE":
        return true;
      default:
        return false;
    }
  }

  /// Ends what ran before and makes ready for the next run.
  final void begin() throws SQLException {
    requireOpen();
    closeResult();
    updateCount = -1;
  }

  private void closeResult() throws SQLException {
    VarveResultSet open = result;
    result = null;
    if (open != null) {
      open.close();
    }
  }

  /// Rows written by each row of parameters, run under a name by which they can be cancelled.
  final long[] runAll(String sql, List<List<Object>> rows) throws SQLException {
    running = UUID.randomUUID().toString();
    try {
      return Transaction.insertOrRun(connection, sql, rows, timeoutSeconds, running);
    } finally {
      running = "";
    }
  }

  final void updated(long count) {
    updateCount = count;
  }

  void resultSetClosed(VarveResultSet closedResult) throws SQLException {
    running = "";
    if (answer != null) {
      connection.ended(answer);
    }
    if (closeOnCompletion && (result == null || result == closedResult)) {
      close();
    }
  }

  @Override
  public final Progress progress() {
    Answer current = answer;
    return current == null ? Progress.NONE : current.progress();
  }

  final ResultSet requireRows(boolean rows) throws SQLException {
    if (!rows) {
      throw new SQLException("the statement gives no rows; use executeUpdate", "07005");
    }
    return result;
  }

  final long requireNoRows(boolean rows) throws SQLException {
    if (rows) {
      closeResult();
      throw new SQLException("the statement gives rows; use executeQuery", "07005");
    }
    return updateCount;
  }

  @Override
  public ResultSet executeQuery(String sql) throws SQLException {
    return requireRows(execute(sql));
  }

  @Override
  public boolean execute(String sql) throws SQLException {
    return run(translated(sql), List.of());
  }

  @Override
  public long executeLargeUpdate(String sql) throws SQLException {
    return requireNoRows(execute(sql));
  }

  static int toInt(long count) {
    return (int) Math.min(count, Integer.MAX_VALUE);
  }

  @Override
  public int executeUpdate(String sql) throws SQLException {
    return toInt(executeLargeUpdate(sql));
  }

  @Override
  public int executeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
    return executeUpdate(sql);
  }

  @Override
  public int executeUpdate(String sql, int[] columns) throws SQLException {
    return executeUpdate(sql);
  }

  @Override
  public int executeUpdate(String sql, String[] columns) throws SQLException {
    return executeUpdate(sql);
  }

  @Override
  public boolean execute(String sql, int autoGeneratedKeys) throws SQLException {
    return execute(sql);
  }

  @Override
  public boolean execute(String sql, int[] columns) throws SQLException {
    return execute(sql);
  }

  @Override
  public boolean execute(String sql, String[] columns) throws SQLException {
    return execute(sql);
  }

  @Override
  public void addBatch(String sql) throws SQLException {
    requireOpen();
    batch.add(translated(sql));
  }

  @Override
  public void clearBatch() throws SQLException {
    requireOpen();
    batch.clear();
  }

  @Override
  public int[] executeBatch() throws SQLException {
    return Arrays.stream(executeLargeBatch()).mapToInt(VarveStatement::toInt).toArray();
  }

  @Override
  public long[] executeLargeBatch() throws SQLException {
    requireOpen();
    List<String> statements = List.copyOf(batch);
    batch.clear();
    long[] counts = new long[statements.size()];
    for (int i = 0; i < counts.length; i++) {
      try {
        counts[i] = requireNoRows(run(statements.get(i), List.of()));
      } catch (SQLException e) {
        throw batchFailure(e, Arrays.copyOf(counts, i));
      }
    }
    return counts;
  }

  static BatchUpdateException batchFailure(SQLException e, long[] counts) {
    return new BatchUpdateException(e.getMessage(), e.getSQLState(), e.getErrorCode(), counts, e);
  }

  @Override
  public ResultSet getResultSet() throws SQLException {
    requireOpen();
    return result;
  }

  @Override
  public int getUpdateCount() throws SQLException {
    return toInt(getLargeUpdateCount());
  }

  @Override
  public long getLargeUpdateCount() throws SQLException {
    requireOpen();
    return updateCount;
  }

  @Override
  public boolean getMoreResults() throws SQLException {
    requireOpen();
    closeResult();
    updateCount = -1;
    return false;
  }

  @Override
  public boolean getMoreResults(int current) throws SQLException {
    if (current == KEEP_CURRENT_RESULT) {
      requireOpen();
      result = null;
      updateCount = -1;
      return false;
    }
    return getMoreResults();
  }

  @Override
  public ResultSet getGeneratedKeys() throws SQLException {
    requireOpen();
    return new VarveResultSet(null, List.of(), BatchFeed.of(new ColumnBatch(0, List.of())));
  }

  @Override
  public void cancel() throws SQLException {
    requireOpen();
    String queryId = running;
    if (!queryId.isEmpty()) {
      connection.cancel(queryId);
    }
  }

  @Override
  public void setQueryTimeout(int seconds) throws SQLException {
    requireOpen();
    timeoutSeconds = requireNotNegative(seconds, "timeout");
  }

  @Override
  public int getQueryTimeout() throws SQLException {
    requireOpen();
    return timeoutSeconds;
  }

  @Override
  public void setMaxRows(int rows) throws SQLException {
    requireOpen();
    maxRows = requireNotNegative(rows, "number of rows");
  }

  @Override
  public int getMaxRows() throws SQLException {
    return toInt(getLargeMaxRows());
  }

  @Override
  public void setLargeMaxRows(long rows) throws SQLException {
    requireOpen();
    if (rows < 0) {
      throw new SQLException("a number of rows of " + rows + " makes no sense", "HY024");
    }
    maxRows = rows;
  }

  @Override
  public long getLargeMaxRows() throws SQLException {
    requireOpen();
    return maxRows;
  }

  @Override
  public void setMaxFieldSize(int bytes) throws SQLException {
    requireOpen();
    if (requireNotNegative(bytes, "field size") > 0) {
      throw Wrapped.notSupported("cutting values off at a size");
    }
  }

  @Override
  public int getMaxFieldSize() throws SQLException {
    requireOpen();
    return 0;
  }

  @Override
  public void setFetchSize(int rows) throws SQLException {
    requireOpen();
    // Rows always stream in the engine's batches; the number is only remembered.
    fetchSize = rows == Integer.MIN_VALUE ? 0 : requireNotNegative(rows, "fetch size");
  }

  @Override
  public int getFetchSize() throws SQLException {
    requireOpen();
    return fetchSize;
  }

  @Override
  public void setFetchDirection(int direction) throws SQLException {
    requireOpen();
    if (direction < ResultSet.FETCH_FORWARD || direction > ResultSet.FETCH_UNKNOWN) {
      throw new SQLException("no fetch direction " + direction, "HY024");
    }
  }

  @Override
  public int getFetchDirection() throws SQLException {
    requireOpen();
    return ResultSet.FETCH_FORWARD;
  }

  @Override
  public void setEscapeProcessing(boolean on) throws SQLException {
    requireOpen();
    escapes = on;
  }

  @Override
  public SQLWarning getWarnings() throws SQLException {
    requireOpen();
    return null;
  }

  @Override
  public void clearWarnings() throws SQLException {
    requireOpen();
  }

  @Override
  public void setCursorName(String name) throws SQLException {
    // Without positioned updates JDBC wants this to do nothing.
    requireOpen();
  }

  @Override
  public int getResultSetConcurrency() throws SQLException {
    requireOpen();
    return ResultSet.CONCUR_READ_ONLY;
  }

  @Override
  public int getResultSetType() throws SQLException {
    requireOpen();
    return ResultSet.TYPE_FORWARD_ONLY;
  }

  @Override
  public int getResultSetHoldability() throws SQLException {
    requireOpen();
    return ResultSet.HOLD_CURSORS_OVER_COMMIT;
  }

  @Override
  public void setPoolable(boolean wanted) throws SQLException {
    requireOpen();
    poolable = wanted;
  }

  @Override
  public boolean isPoolable() throws SQLException {
    requireOpen();
    return poolable;
  }

  @Override
  public void closeOnCompletion() throws SQLException {
    requireOpen();
    closeOnCompletion = true;
  }

  @Override
  public boolean isCloseOnCompletion() throws SQLException {
    requireOpen();
    return closeOnCompletion;
  }

  @Override
  public Connection getConnection() throws SQLException {
    requireOpen();
    return connection;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() throws SQLException {
    if (closed) {
      return;
    }
    closed = true;
    connection.forget(this);
    closeResult();
  }
}
