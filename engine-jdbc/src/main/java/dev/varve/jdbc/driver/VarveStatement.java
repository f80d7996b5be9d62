// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.ColumnBatch;
import dev.varve.jdbc.wire.ColumnHeader;
import dev.varve.jdbc.wire.Progress;
import java.io.InputStream;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/// Runs SQL. Used by one thread; [#cancel()] may come from another. An error leaves the statement
/// and its connection usable.
class VarveStatement extends StatementOptions implements Wrapped, WatchedStatement {
  final VarveConnection connection;
  private final List<String> batch = new ArrayList<>();
  private VarveResultSet result;
  private volatile Answer answer;
  private long updateCount = -1;
  private volatile String running = "";
  private volatile boolean closed;

  VarveStatement(VarveConnection connection) {
    this.connection = connection;
    connection.opened(this);
  }

  @Override
  final void requireOpen() throws SQLException {
    if (closed) {
      throw new SQLException("the statement is closed", "HY010");
    }
  }

  private String translated(String sql) throws SQLException {
    if (sql == null) {
      throw new SQLException("there is no SQL to run", "HY009");
    }
    return translatesEscapes() ? Escapes.translate(sql) : sql;
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
    Answer started = connection.send(sql, parameters, timeoutSeconds(), running);
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

  @Override
  public final long insert(String sql, InputStream rows) throws SQLException {
    begin();
    running = UUID.randomUUID().toString();
    try {
      updateCount = connection.run(sql, List.of(), rows, timeoutSeconds(), running);
      return updateCount;
    } finally {
      running = "";
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
      return Transaction.insertOrRun(connection, sql, rows, timeoutSeconds(), running);
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
    if (closesOnCompletion() && (result == null || result == closedResult)) {
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
    return Arrays.stream(executeLargeBatch()).mapToInt(StatementOptions::toInt).toArray();
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
