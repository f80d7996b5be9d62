// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.vector;

/// Batches one after another. Used by one thread.
///
/// A batch is valid until the next call of [#next()] or [#close()] on its source.
public interface BatchSource extends AutoCloseable {
  /// The next batch, which has at least one row, or null at the end.
  Batch next();

  @Override
  void close();

  /// A source without rows.
  static BatchSource empty() {
    return of(null);
  }

  /// A source of one batch, or of none where it is null.
  static BatchSource of(Batch batch) {
    return new BatchSource() {
      private Batch pending = batch != null && batch.rows() > 0 ? batch : null;

      @Override
      public Batch next() {
        Batch next = pending;
        pending = null;
        return next;
      }

      @Override
      public void close() {}
    };
  }
}
