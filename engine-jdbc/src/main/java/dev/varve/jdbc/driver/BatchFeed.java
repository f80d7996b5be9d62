// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.driver;

import dev.varve.jdbc.wire.ColumnBatch;
import java.sql.SQLException;

/// Where a result set takes its rows from. A batch is valid until the next is taken.
interface BatchFeed extends AutoCloseable {
  /// The next batch with at least one row, or null at the end.
  ColumnBatch next() throws SQLException;

  @Override
  void close() throws SQLException;

  /// Rows that are all there already.
  static BatchFeed of(ColumnBatch batch) {
    return new BatchFeed() {
      private ColumnBatch pending = batch.rows() == 0 ? null : batch;

      @Override
      public ColumnBatch next() {
        ColumnBatch next = pending;
        pending = null;
        return next;
      }

      @Override
      public void close() {
        pending = null;
      }
    };
  }
}
