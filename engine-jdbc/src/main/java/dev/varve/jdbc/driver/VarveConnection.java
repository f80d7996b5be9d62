// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.Call;
import dev.varve.jdbc.wire.ColumnBatch;
import dev.varve.jdbc.wire.ColumnHeader;
import dev.varve.jdbc.wire.Ending;
import dev.varve.jdbc.wire.Transport;
import java.io.InputStream;
import java.sql.CallableStatement;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/// A connection: one session on an engine. Used by one thread at a time; `cancel`, `abort` and
/// `close` may come from others.
///
/// Databases are schemas in JDBC's words; there are no catalogs. Without auto-commit, changes wait
/// in a [Transaction].
final class VarveConnection extends ConnectionDefaults {
  private final VarveUrl url;
  private final Transport transport;
  private final Transaction transaction = new Transaction();
  private final Set<VarveStatement> statements = ConcurrentHashMap.newKeySet();
  private final Map<String, Class<?>> typeMap = new HashMap<>();
  private String database;
  private String engineVersion = "";
  private boolean autoCommit = true;
  private boolean readOnly;
  private int networkMillis;
  private volatile boolean closed;

  VarveConnection(VarveUrl url, Transport transport) {
    this.url = url;
    this.transport = transport;
    this.database = url.database();
  }

  VarveUrl url() {
    return url;
  }

  String engineVersion() throws SQLException {
    if (engineVersion.isEmpty()) {
      ping();
    }
    return engineVersion;
  }

  @Override
  void requireOpen() throws SQLException {
    if (closed) {
      throw new SQLNonTransientConnectionException("the connection is closed", "08003");
    }
  }

  /// Asks the engine for the smallest answer there is.
  void ping() throws SQLException {
    run("SELECT 1", List.of(), null, 0, "");
  }

  /// A call with the state of this connection.
  private Call call(
      boolean describe,
      String sql,
      List<Object> parameters,
      InputStream rows,
      int timeoutSeconds,
      String queryId) {
    Map<String, String> settings = new HashMap<>();
    if (timeoutSeconds > 0) {
      settings.put("max_execution_time", Integer.toString(timeoutSeconds));
    }
    if (readOnly) {
      settings.put("readonly", "1");
    }
    String client = clientText();
    if (!client.isEmpty()) {
      settings.put("log_comment", client);
    }
    String id = queryId.isEmpty() ? UUID.randomUUID().toString() : queryId;
    return new Call(describe, sql, parameters, rows, id, database, settings);
  }

  /// Starts a statement.
  Answer send(String sql, List<Object> parameters, int timeoutSeconds, String queryId)
      throws SQLException {
    requireOpen();
    return new Answer(transport.send(call(false, sql, parameters, null, timeoutSeconds, queryId)));
  }

  /// Runs a statement to its end and drops its rows, if any; returns the rows it wrote.
  long run(
      String sql, List<Object> parameters, InputStream rows, int timeoutSeconds, String queryId)
      throws SQLException {
    requireOpen();
    Call call = call(false, sql, parameters, rows, timeoutSeconds, queryId);
    try (Answer answer = new Answer(transport.send(call))) {
      while (answer.next() != null) {
        // Only the end is of interest.
        continue;
      }
      return ended(answer);
    }
  }

  /// The number that a query of one number gives.
  long count(String sql, List<Object> parameters) throws SQLException {
    try (Answer answer = send(sql, parameters, 0, "")) {
      answer.begin();
      ColumnBatch batch = answer.next();
      long count = batch == null ? 0 : ((Number) batch.columns().get(0).get(0)).longValue();
      while (batch != null) {
        batch = answer.next();
      }
      return count;
    }
  }

  /// Takes over what a finished statement did to the session; returns the rows it wrote.
  long ended(Answer answer) {
    Ending ending = answer.ending();
    if (ending == null) {
      return 0;
    }
    if (!ending.database().isEmpty()) {
      database = ending.database();
    }
    engineVersion = ending.version();
    return ending.writtenRows();
  }

  /// What a statement would give and take.
  ///
  /// @param columns null if it gives none
  /// @param parameterTypes SQL types of its `?`
  record Description(List<ColumnHeader> columns, List<String> parameterTypes) {}

  /// Columns of a statement, without running it; null if it gives none.
  List<ColumnHeader> describe(String sql) throws SQLException {
    return description(sql).columns();
  }

  /// Columns and parameters of a statement, without running it.
  Description description(String sql) throws SQLException {
    requireOpen();
    try (Answer answer = new Answer(transport.send(call(true, sql, List.of(), null, 0, "")))) {
      List<ColumnHeader> headers = answer.begin();
      while (answer.next() != null) {
        // A description has no rows, but it has an end.
        continue;
      }
      return new Description(headers, answer.ending().parameterTypes());
    }
  }

  void cancel(String queryId) throws SQLException {
    transport.cancel(queryId);
  }

  Transaction transaction() {
    return transaction;
  }

  /// Whether a statement must wait for the commit.
  boolean holdsBack(String sql) {
    return !autoCommit && SqlText.changesRows(sql);
  }

  void opened(VarveStatement statement) {
    statements.add(statement);
  }

  void forget(VarveStatement statement) {
    statements.remove(statement);
  }

  @Override
  VarvePreparedStatement prepare(String sql) throws SQLException {
    requireOpen();
    return new VarvePreparedStatement(this, sql);
  }

  @Override
  public VarveStatement createStatement() throws SQLException {
    requireOpen();
    return new VarveStatement(this);
  }

  @Override
  public CallableStatement prepareCall(String sql) throws SQLException {
    requireOpen();
    return new VarveCallableStatement(this, sql);
  }

  @Override
  public String nativeSQL(String sql) throws SQLException {
    requireOpen();
    return Escapes.translate(sql);
  }

  @Override
  public void setAutoCommit(boolean on) throws SQLException {
    requireOpen();
    if (on && !autoCommit) {
      transaction.commit(this);
    }
    autoCommit = on;
  }

  @Override
  public boolean getAutoCommit() throws SQLException {
    requireOpen();
    return autoCommit;
  }

  @Override
  public void commit() throws SQLException {
    requireOpen();
    if (autoCommit) {
      throw new SQLException("commit() was called though auto-commit is on", "25000");
    }
    transaction.commit(this);
  }

  @Override
  public void rollback() throws SQLException {
    requireOpen();
    if (autoCommit) {
      throw new SQLException("rollback() was called though auto-commit is on", "25000");
    }
    transaction.rollback();
  }

  @Override
  public DatabaseMetaData getMetaData() throws SQLException {
    requireOpen();
    return new VarveDatabaseMetaData(this);
  }

  @Override
  public void setReadOnly(boolean on) throws SQLException {
    requireOpen();
    readOnly = on;
  }

  @Override
  public boolean isReadOnly() throws SQLException {
    requireOpen();
    return readOnly;
  }

  @Override
  public void setSchema(String schema) throws SQLException {
    requireOpen();
    database = schema == null ? "" : schema;
  }

  @Override
  public String getSchema() throws SQLException {
    requireOpen();
    return database.isEmpty() ? "default" : database;
  }

  @Override
  public Map<String, Class<?>> getTypeMap() throws SQLException {
    requireOpen();
    return typeMap;
  }

  @Override
  public void setTypeMap(Map<String, Class<?>> map) throws SQLException {
    requireOpen();
    typeMap.clear();
    if (map != null) {
      typeMap.putAll(map);
    }
  }

  @Override
  public boolean isValid(int timeoutSeconds) throws SQLException {
    VarveStatement.requireNotNegative(timeoutSeconds, "timeout");
    if (closed) {
      return false;
    }
    try {
      transport.networkTimeout(timeoutSeconds > 0 ? timeoutSeconds * 1000 : networkMillis);
      ping();
      return true;
    } catch (SQLException e) {
      // The question was whether the connection works; this is the answer.
      return false;
    } finally {
      transport.networkTimeout(networkMillis);
    }
  }

  @Override
  public void setNetworkTimeout(Executor executor, int millis) throws SQLException {
    requireOpen();
    networkMillis = VarveStatement.requireNotNegative(millis, "network timeout");
    transport.networkTimeout(millis);
  }

  @Override
  public int getNetworkTimeout() throws SQLException {
    requireOpen();
    return networkMillis;
  }

  @Override
  public void abort(Executor executor) throws SQLException {
    if (executor == null) {
      throw new SQLException("abort needs an executor", "HY000");
    }
    closed = true;
    executor.execute(transport::close);
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
    transaction.rollback();
    try {
      for (VarveStatement statement : statements) {
        statement.close();
      }
    } finally {
      closed = true;
      transport.close();
    }
  }
}
