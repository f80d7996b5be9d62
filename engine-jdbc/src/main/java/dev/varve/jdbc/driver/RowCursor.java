// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.Column;
import dev.varve.jdbc.wire.ColumnBatch;
import java.sql.SQLException;

/// The place of a result set in its rows: forward only, from before the first to after the last.
final class RowCursor {
  private final BatchFeed feed;
  private final long maxRows;
  private ColumnBatch batch;
  private ColumnBatch ahead;
  private int row = -1;
  private long number;
  private boolean atEnd;

  /// @param maxRows rows to give at most, 0 for all
  RowCursor(BatchFeed feed, long maxRows) {
    this.feed = feed;
    this.maxRows = maxRows;
  }

  boolean next() throws SQLException {
    if (atEnd) {
      return false;
    }
    if (maxRows > 0 && number == maxRows) {
      return end();
    }
    if (batch == null || ++row >= batch.rows()) {
      batch = ahead != null ? ahead : feed.next();
      ahead = null;
      row = 0;
      if (batch == null) {
        return end();
      }
    }
    number++;
    return true;
  }

  private boolean end() throws SQLException {
    atEnd = true;
    batch = null;
    feed.close();
    return false;
  }

  Column column(int index) throws SQLException {
    if (batch == null) {
      throw new SQLException(
          atEnd ? "the result has no more rows" : "call next() before a getter", "24000");
    }
    return batch.columns().get(index);
  }

  int row() {
    return row;
  }

  /// Number of the row, from 1; 0 where there is none.
  long number() {
    return batch == null ? 0 : number;
  }

  /// Whether no row was taken yet, and there is one.
  boolean isBeforeFirst() throws SQLException {
    if (batch != null || atEnd) {
      return false;
    }
    if (ahead == null) {
      ahead = feed.next();
    }
    return ahead != null;
  }

  boolean isAfterLast() {
    return atEnd && number > 0;
  }

  /// Whether this row is the last. Within a batch this is known; at its end the next batch would
  /// overwrite this row, so there it cannot be told.
  boolean isLast() throws SQLException {
    if (batch == null) {
      return false;
    }
    if (maxRows > 0 && number == maxRows) {
      return true;
    }
    if (row + 1 < batch.rows()) {
      return false;
    }
    throw Wrapped.notSupported("isLast() on a result that streams");
  }

  void close() throws SQLException {
    atEnd = true;
    batch = null;
    ahead = null;
    feed.close();
  }
}
