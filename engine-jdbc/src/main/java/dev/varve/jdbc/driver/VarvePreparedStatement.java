// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.ColumnHeader;
import dev.varve.jdbc.wire.SqlType;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.ParameterMetaData;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.List;
import java.util.Optional;

/// A statement with `?`. Values travel with their types beside the text and are never written into
/// it. An `INSERT … VALUES (?, …)` sends its rows as data, one insert for a whole batch.
class VarvePreparedStatement extends VarveStatement implements StreamParameters {
  private static final Object UNSET = new Object();

  private final String sql;
  private final Optional<InsertTemplate> template;
  private final Object[] values;
  private final List<List<Object>> rows = new ArrayList<>();
  private List<ColumnHeader> described;
  private List<SqlType> parameterTypes;

  VarvePreparedStatement(VarveConnection connection, String sql) throws SQLException {
    super(connection);
    if (sql == null) {
      throw new SQLException("there is no SQL to prepare", "HY009");
    }
    this.sql = Escapes.translate(sql);
    this.template = InsertTemplate.of(this.sql);
    this.values = new Object[SqlText.countParameters(this.sql)];
    Arrays.fill(values, UNSET);
  }

  private void set(int index, Object value) throws SQLException {
    requireOpen();
    if (index < 1 || index > values.length) {
      throw new SQLException(
          "no parameter " + index + "; the statement has " + values.length, "07009");
    }
    values[index - 1] = value;
  }

  private List<Object> row() throws SQLException {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == UNSET) {
        throw new SQLException("parameter " + (i + 1) + " has no value", "07001");
      }
    }
    return Arrays.asList(values.clone());
  }

  @Override
  public boolean execute() throws SQLException {
    List<Object> row = row();
    if (template.isEmpty() || connection.holdsBack(sql)) {
      return run(sql, row);
    }
    begin();
    updated(runAll(sql, List.of(row))[0]);
    return false;
  }

  @Override
  public ResultSet executeQuery() throws SQLException {
    return requireRows(execute());
  }

  @Override
  public long executeLargeUpdate() throws SQLException {
    return requireNoRows(execute());
  }

  @Override
  public int executeUpdate() throws SQLException {
    return toInt(executeLargeUpdate());
  }

  @Override
  public void addBatch() throws SQLException {
    requireOpen();
    rows.add(row());
  }

  @Override
  public void addBatch(String other) throws SQLException {
    throw ownText();
  }

  private static SQLException ownText() {
    return new SQLException("a prepared statement runs its own text", "HY000");
  }

  @Override
  public boolean execute(String other) throws SQLException {
    throw ownText();
  }

  @Override
  public void clearBatch() throws SQLException {
    requireOpen();
    rows.clear();
  }

  @Override
  public long[] executeLargeBatch() throws SQLException {
    begin();
    List<List<Object>> all = List.copyOf(rows);
    rows.clear();
    if (all.isEmpty()) {
      return new long[0];
    }
    if (connection.holdsBack(sql)) {
      long[] counts = new long[all.size()];
      for (int i = 0; i < counts.length; i++) {
        counts[i] = connection.transaction().add(connection, sql, all.get(i));
      }
      return counts;
    }
    try {
      return runAll(sql, all);
    } catch (SQLException e) {
      throw batchFailure(e, new long[0]);
    }
  }

  @Override
  public void clearParameters() throws SQLException {
    requireOpen();
    Arrays.fill(values, UNSET);
  }

  @Override
  public ResultSetMetaData getMetaData() throws SQLException {
    requireOpen();
    if (described == null) {
      List<ColumnHeader> headers = connection.describe(sql);
      described = headers == null ? List.of() : headers;
    }
    return described.isEmpty() ? null : new VarveResultSetMetaData(described);
  }

  @Override
  public ParameterMetaData getParameterMetaData() throws SQLException {
    requireOpen();
    if (parameterTypes == null) {
      parameterTypes = template.isPresent() ? columnTypes(template.get()) : wantedTypes();
    }
    return new VarveParameterMetaData(values.length, parameterTypes);
  }

  private List<SqlType> wantedTypes() throws SQLException {
    if (values.length == 0) {
      return List.of();
    }
    List<String> names = connection.description(sql).parameterTypes();
    return names.size() == values.length ? names.stream().map(SqlType::parse).toList() : List.of();
  }

  private List<SqlType> columnTypes(InsertTemplate insert) throws SQLException {
    String query = insert.columnsQuery();
    List<ColumnHeader> headers = query.isEmpty() ? null : connection.describe(query);
    boolean fits = headers != null && headers.size() == values.length;
    return fits ? headers.stream().map(ColumnHeader::type).toList() : List.of();
  }

  @Override
  public void setNull(int index, int type) throws SQLException {
    set(index, null);
  }

  @Override
  public void setNull(int index, int type, String typeName) throws SQLException {
    set(index, null);
  }

  @Override
  public void setBoolean(int index, boolean value) throws SQLException {
    set(index, value);
  }

  @Override
  public void setByte(int index, byte value) throws SQLException {
    set(index, (long) value);
  }

  @Override
  public void setShort(int index, short value) throws SQLException {
    set(index, (long) value);
  }

  @Override
  public void setInt(int index, int value) throws SQLException {
    set(index, (long) value);
  }

  @Override
  public void setLong(int index, long value) throws SQLException {
    set(index, value);
  }

  @Override
  public void setFloat(int index, float value) throws SQLException {
    set(index, value);
  }

  @Override
  public void setDouble(int index, double value) throws SQLException {
    set(index, value);
  }

  @Override
  public void setBigDecimal(int index, BigDecimal value) throws SQLException {
    set(index, value);
  }

  @Override
  public void setString(int index, String value) throws SQLException {
    set(index, value);
  }

  @Override
  public void setNString(int index, String value) throws SQLException {
    set(index, value);
  }

  @Override
  public void setBytes(int index, byte[] value) throws SQLException {
    set(index, value == null ? null : value.clone());
  }

  @Override
  public void setDate(int index, Date value) throws SQLException {
    set(index, ParameterValues.of(value));
  }

  @Override
  public void setTime(int index, Time value) throws SQLException {
    set(index, ParameterValues.of(value));
  }

  @Override
  public void setTimestamp(int index, Timestamp value) throws SQLException {
    set(index, ParameterValues.of(value));
  }

  /// What a clock in the calendar's zone shows at that moment.
  private static LocalDateTime local(long millis, int nanos, Calendar calendar) {
    Instant moment = Instant.ofEpochMilli(millis);
    return LocalDateTime.ofInstant(moment, calendar.getTimeZone().toZoneId()).withNano(nanos);
  }

  @Override
  public void setDate(int index, Date value, Calendar calendar) throws SQLException {
    boolean plain = value == null || calendar == null;
    set(
        index,
        plain ? ParameterValues.of(value) : local(value.getTime(), 0, calendar).toLocalDate());
  }

  @Override
  public void setTime(int index, Time value, Calendar calendar) throws SQLException {
    boolean plain = value == null || calendar == null;
    set(
        index,
        plain ? ParameterValues.of(value) : local(value.getTime(), 0, calendar).toLocalTime());
  }

  @Override
  public void setTimestamp(int index, Timestamp value, Calendar calendar) throws SQLException {
    boolean plain = value == null || calendar == null;
    set(
        index,
        plain ? ParameterValues.of(value) : local(value.getTime(), value.getNanos(), calendar));
  }

  @Override
  public void setObject(int index, Object value) throws SQLException {
    set(index, ParameterValues.of(value));
  }

  @Override
  public void setObject(int index, Object value, int type) throws SQLException {
    set(index, ParameterValues.of(value, type));
  }

  @Override
  public void setObject(int index, Object value, int type, int scale) throws SQLException {
    setObject(index, value, type);
  }

  @Override
  public void setObject(int index, Object value, SQLType type) throws SQLException {
    Integer number = type == null ? null : type.getVendorTypeNumber();
    set(index, number == null ? ParameterValues.of(value) : ParameterValues.of(value, number));
  }

  @Override
  public void setObject(int index, Object value, SQLType type, int scale) throws SQLException {
    setObject(index, value, type);
  }

  @Override
  public void setArray(int index, Array value) throws SQLException {
    set(index, ParameterValues.of(value));
  }

  @Override
  public void setBlob(int index, Blob value) throws SQLException {
    set(index, ParameterValues.of(value));
  }

  @Override
  public void setClob(int index, Clob value) throws SQLException {
    set(index, ParameterValues.of(value));
  }

  @Override
  public void setNClob(int index, NClob value) throws SQLException {
    set(index, ParameterValues.of(value));
  }

  @Override
  public void setURL(int index, URL value) throws SQLException {
    set(index, value == null ? null : value.toString());
  }

  @Override
  public void setRef(int index, Ref value) throws SQLException {
    throw Wrapped.notSupported("REF");
  }

  @Override
  public void setRowId(int index, RowId value) throws SQLException {
    throw Wrapped.notSupported("ROWID");
  }

  @Override
  public void setSQLXML(int index, SQLXML value) throws SQLException {
    throw Wrapped.notSupported("SQLXML");
  }
}
