// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.table.ExpressionCompiler;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;

/// All tables of one data directory. Safe for threads. Closing it stops merges and leaves the
/// directory as a crash would: nothing committed is lost.
public final class MergeEngine implements AutoCloseable {

  /// Opens or creates a data directory and takes its lock.
  ///
  /// @throws dev.varve.storage.error.VarveException DIRECTORY_LOCKED if another process holds it
  public static MergeEngine open(
      Path directory, MergeSettings settings, BufferAllocator allocator) {
    throw new UnsupportedOperationException("not built yet");
  }

  /// What evaluates the expressions of definitions. Set once, before the first table is touched.
  public void plug(ExpressionCompiler compiler) {
    throw new UnsupportedOperationException("not built yet");
  }

  public List<String> databases() {
    throw new UnsupportedOperationException("not built yet");
  }

  public void createDatabase(String name) {
    throw new UnsupportedOperationException("not built yet");
  }

  /// Drops a database and every table in it.
  public void dropDatabase(String name) {
    throw new UnsupportedOperationException("not built yet");
  }

  /// Creates a table or view, durably.
  ///
  /// @throws dev.varve.storage.error.VarveException TABLE_ALREADY_EXISTS, UNKNOWN_DATABASE, or what
  ///     is wrong with the definition
  public MergeTable create(TableDefinition definition) {
    throw new UnsupportedOperationException("not built yet");
  }

  public void drop(TableName name) {
    throw new UnsupportedOperationException("not built yet");
  }

  public Optional<MergeTable> table(TableName name) {
    throw new UnsupportedOperationException("not built yet");
  }

  public List<MergeTable> tables() {
    throw new UnsupportedOperationException("not built yet");
  }

  /// Merges that run now, for `system.merges`.
  public List<MergeProgress> merges() {
    throw new UnsupportedOperationException("not built yet");
  }

  @Override
  public void close() {}
}
