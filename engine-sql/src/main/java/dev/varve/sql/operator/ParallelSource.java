// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;

/// The rows of a running operator, shared out among workers. Safe for threads; the sources it gives
/// are each for one thread.
public interface ParallelSource extends AutoCloseable {
  /// How many workers it is worth to ask; 1 where rows come in an order that matters.
  int parallelism();

  /// The share of one worker, `0` to `parallelism() - 1`, each asked for once. The shares together
  /// hold each row once; a share may be empty. Who takes a share closes it.
  BatchSource worker(int index);

  /// Frees what is shared. The shares must be closed before.
  @Override
  void close();

  /// A source of one share.
  static ParallelSource single(BatchSource source) {
    return new ParallelSource() {
      @Override
      public int parallelism() {
        return 1;
      }

      @Override
      public BatchSource worker(int index) {
        return source;
      }

      @Override
      public void close() {}
    };
  }

  /// All shares of a source, one after another; closing it closes the source.
  static BatchSource inTurn(ParallelSource source) {
    return new BatchSource() {
      private BatchSource share;
      private int taken;

      @Override
      public Batch next() {
        while (true) {
          if (share == null) {
            if (taken == source.parallelism()) {
              return null;
            }
            share = source.worker(taken++);
          }
          Batch batch = share.next();
          if (batch != null) {
            return batch;
          }
          share.close();
          share = null;
        }
      }

      @Override
      public void close() {
        if (share != null) {
          share.close();
        }
        source.close();
      }
    };
  }
}
