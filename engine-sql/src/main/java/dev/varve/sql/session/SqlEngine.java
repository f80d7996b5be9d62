// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.engine.MergeEngine;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// SQL over one merge engine. Safe for threads; sessions are not.
public final class SqlEngine implements AutoCloseable {
  /// @param threads workers that all queries share
  /// @param systemTables what the server adds to `system.*`
  public SqlEngine(
      MergeEngine tables, BufferAllocator allocator, int threads, List<SystemTable> systemTables) {
    throw new UnsupportedOperationException("not built yet");
  }

  public Session open(String user, String database) {
    throw new UnsupportedOperationException("not built yet");
  }

  /// Cancels a running query. Returns whether there was one of this id.
  public boolean kill(String queryId) {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public void close() {}
}
