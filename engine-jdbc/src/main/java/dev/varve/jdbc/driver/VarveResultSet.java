// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.Column;
import dev.varve.jdbc.wire.ColumnHeader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.Ref;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.util.Calendar;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Rows of a statement, read forward as they come in. Used by one thread.
///
/// A label finds the column of exactly that name, else the only one that differs in case alone.
final class VarveResultSet extends LabelledResultSet implements ForwardOnly, LargeValues {
  private final VarveStatement statement;
  private final List<ColumnHeader> headers;
  private final RowCursor cursor;
  private final Map<String, Integer> labels = new HashMap<>();
  private boolean wasNull;
  private boolean closed;
  private int fetchSize;

  /// @param statement whose result this is, or null for rows that the driver made
  VarveResultSet(VarveStatement statement, List<ColumnHeader> headers, BatchFeed feed) {
    this.statement = statement;
    this.headers = headers;
    this.cursor = new RowCursor(feed, statement == null ? 0 : statement.maxRows());
    for (int i = headers.size() - 1; i >= 0; i--) {
      labels.merge(headers.get(i).name().toLowerCase(Locale.ROOT), i + 1, Math::min);
    }
    for (int i = headers.size() - 1; i >= 0; i--) {
      labels.put(headers.get(i).name(), i + 1);
    }
  }

  private void requireOpen() throws SQLException {
    if (closed) {
      throw new SQLException("the result set is closed", "24000");
    }
  }

  @Override
  public boolean next() throws SQLException {
    requireOpen();
    return cursor.next();
  }

  /// The column if its value is there, or null if the value is NULL.
  private Column present(int index) throws SQLException {
    requireOpen();
    if (index < 1 || index > headers.size()) {
      throw new SQLException(
          "no column " + index + "; the result has " + headers.size() + " columns", "42S22");
    }
    Column column = cursor.column(index - 1);
    wasNull = column.isNull(cursor.row());
    return wasNull ? null : column;
  }

  @Override
  public int findColumn(String label) throws SQLException {
    requireOpen();
    Integer index = labels.get(label);
    if (index == null && label != null) {
      index = labels.get(label.toLowerCase(Locale.ROOT));
    }
    if (index == null) {
      List<String> names = headers.stream().map(ColumnHeader::name).toList();
      throw new SQLException("no column \"" + label + "\"; the result has " + names, "42S22");
    }
    return index;
  }

  @Override
  public boolean wasNull() {
    return wasNull;
  }

  @Override
  public String getString(int index) throws SQLException {
    Column column = present(index);
    return column == null ? null : Conversions.toText(column.get(cursor.row()), column.type());
  }

  @Override
  public boolean getBoolean(int index) throws SQLException {
    Column column = present(index);
    return column != null
        && (column.isLong()
            ? column.getLong(cursor.row()) != 0
            : Conversions.toBoolean(column.get(cursor.row()), column.type()));
  }

  private long integer(int index, long low, long high) throws SQLException {
    Column column = present(index);
    if (column == null) {
      return 0;
    }
    if (!column.isLong()) {
      return Conversions.toLong(column.get(cursor.row()), column.type(), low, high);
    }
    long value = column.getLong(cursor.row());
    if (value < low || value > high) {
      throw new SQLDataException(value + " is out of the range " + low + " to " + high, "22003");
    }
    return value;
  }

  @Override
  public byte getByte(int index) throws SQLException {
    return (byte) integer(index, Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  @Override
  public short getShort(int index) throws SQLException {
    return (short) integer(index, Short.MIN_VALUE, Short.MAX_VALUE);
  }

  @Override
  public int getInt(int index) throws SQLException {
    return (int) integer(index, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  @Override
  public long getLong(int index) throws SQLException {
    return integer(index, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  @Override
  public float getFloat(int index) throws SQLException {
    return (float) getDouble(index);
  }

  @Override
  public double getDouble(int index) throws SQLException {
    Column column = present(index);
    if (column == null) {
      return 0;
    }
    return column.isDouble()
        ? column.getDouble(cursor.row())
        : Conversions.toDouble(column.get(cursor.row()), column.type());
  }

  @Override
  public BigDecimal getBigDecimal(int index) throws SQLException {
    Column column = present(index);
    return column == null ? null : Conversions.toDecimal(column.get(cursor.row()), column.type());
  }

  @Override
  @Deprecated
  public BigDecimal getBigDecimal(int index, int scale) throws SQLException {
    BigDecimal value = getBigDecimal(index);
    return value == null ? null : value.setScale(scale, RoundingMode.HALF_UP);
  }

  @Override
  public byte[] getBytes(int index) throws SQLException {
    Column column = present(index);
    if (column == null) {
      return null;
    }
    byte[] raw = column.getBytes(cursor.row());
    return raw != null ? raw : getString(index).getBytes(StandardCharsets.UTF_8);
  }

  private <T> T convert(int index, Class<T> wanted) throws SQLException {
    Column column = present(index);
    return column == null
        ? null
        : wanted.cast(Conversions.toClass(column.get(cursor.row()), column.type(), wanted));
  }

  @Override
  public Date getDate(int index) throws SQLException {
    return convert(index, Date.class);
  }

  @Override
  public Time getTime(int index) throws SQLException {
    return convert(index, Time.class);
  }

  @Override
  public Timestamp getTimestamp(int index) throws SQLException {
    return convert(index, Timestamp.class);
  }

  /// The moment at which a clock in the calendar's zone shows the value.
  private Long millis(int index, Calendar calendar) throws SQLException {
    LocalDateTime time = convert(index, LocalDateTime.class);
    return time == null
        ? null
        : time.atZone(calendar.getTimeZone().toZoneId()).toInstant().toEpochMilli();
  }

  @Override
  public Date getDate(int index, Calendar calendar) throws SQLException {
    if (calendar == null) {
      return getDate(index);
    }
    Long millis = millis(index, calendar);
    return millis == null ? null : new Date(millis);
  }

  @Override
  public Time getTime(int index, Calendar calendar) throws SQLException {
    if (calendar == null) {
      return getTime(index);
    }
    Long millis = millis(index, calendar);
    return millis == null ? null : new Time(millis);
  }

  @Override
  public Timestamp getTimestamp(int index, Calendar calendar) throws SQLException {
    LocalDateTime time = convert(index, LocalDateTime.class);
    if (time == null || calendar == null) {
      return time == null ? null : Timestamp.valueOf(time);
    }
    return Timestamp.from(time.atZone(calendar.getTimeZone().toZoneId()).toInstant());
  }

  @Override
  public Object getObject(int index) throws SQLException {
    Column column = present(index);
    return column == null ? null : Conversions.toJdbc(column.get(cursor.row()), column.type());
  }

  @Override
  public Object getObject(int index, Map<String, Class<?>> map) throws SQLException {
    return getObject(index);
  }

  @Override
  public <T> T getObject(int index, Class<T> wanted) throws SQLException {
    if (wanted == null) {
      throw new SQLException("getObject was called without a class", "HY004");
    }
    if (wanted == byte[].class) {
      return wanted.cast(getBytes(index));
    }
    if (wanted == Blob.class) {
      return wanted.cast(getBlob(index));
    }
    if (wanted == Clob.class) {
      return wanted.cast(getClob(index));
    }
    return convert(index, wanted);
  }

  @Override
  public Array getArray(int index) throws SQLException {
    return convert(index, Array.class);
  }

  @Override
  public URL getURL(int index) throws SQLException {
    String text = getString(index);
    try {
      return text == null ? null : new URL(text);
    } catch (MalformedURLException e) {
      throw new SQLDataException("\"" + text + "\" is not a URL", "22018", e);
    }
  }

  @Override
  public Ref getRef(int index) throws SQLException {
    throw Wrapped.notSupported("REF");
  }

  @Override
  public RowId getRowId(int index) throws SQLException {
    throw Wrapped.notSupported("ROWID");
  }

  @Override
  public SQLXML getSQLXML(int index) throws SQLException {
    throw Wrapped.notSupported("SQLXML");
  }

  @Override
  public ResultSetMetaData getMetaData() throws SQLException {
    requireOpen();
    return new VarveResultSetMetaData(headers);
  }

  @Override
  public Statement getStatement() throws SQLException {
    requireOpen();
    return statement;
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
  public String getCursorName() throws SQLException {
    throw Wrapped.notSupported("a named cursor");
  }

  @Override
  public boolean isBeforeFirst() throws SQLException {
    requireOpen();
    return cursor.isBeforeFirst();
  }

  @Override
  public boolean isAfterLast() throws SQLException {
    requireOpen();
    return cursor.isAfterLast();
  }

  @Override
  public boolean isFirst() throws SQLException {
    requireOpen();
    return cursor.number() == 1;
  }

  @Override
  public boolean isLast() throws SQLException {
    requireOpen();
    return cursor.isLast();
  }

  @Override
  public int getRow() throws SQLException {
    requireOpen();
    return (int) Math.min(cursor.number(), Integer.MAX_VALUE);
  }

  @Override
  public void moveToCurrentRow() throws SQLException {
    requireOpen();
  }

  @Override
  public int getType() throws SQLException {
    requireOpen();
    return TYPE_FORWARD_ONLY;
  }

  @Override
  public void setFetchDirection(int direction) throws SQLException {
    requireOpen();
    if (direction != FETCH_FORWARD) {
      throw Wrapped.notSupported("a direction of fetching but forward");
    }
  }

  @Override
  public int getFetchDirection() throws SQLException {
    requireOpen();
    return FETCH_FORWARD;
  }

  @Override
  public void setFetchSize(int rows) throws SQLException {
    requireOpen();
    // Rows come in the engine's batches, a few thousand at a time, whatever is asked for.
    fetchSize = VarveStatement.requireNotNegative(rows, "fetch size");
  }

  @Override
  public int getFetchSize() throws SQLException {
    requireOpen();
    return fetchSize;
  }

  @Override
  public int getHoldability() throws SQLException {
    requireOpen();
    return HOLD_CURSORS_OVER_COMMIT;
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
    cursor.close();
    if (statement != null) {
      statement.resultSetClosed(this);
    }
  }
}
