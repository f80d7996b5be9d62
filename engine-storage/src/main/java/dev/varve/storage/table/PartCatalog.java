// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

/// What is true of a data directory: its databases, tables and active parts, and how far each log
/// partition has been applied. The only source of truth: files that no record names do not count.
///
/// A change is durable as a whole when [#commit] returns, and no other outcome exists: after a
/// crash all of it is there or nothing. Safe for threads. [LocalCatalog] keeps it in a file; a
/// cluster brings another.
public interface PartCatalog extends AutoCloseable {
  /// The last committed state; immutable.
  CatalogState state();

  /// Commits all operations of a change, across any number of tables, in one record.
  ///
  /// @return the state right after this change
  /// @throws dev.varve.storage.error.VarveException UNKNOWN_TABLE if a table of the change was
  ///   dropped; NOT_ENOUGH_SPACE or IO_ERROR if the record could not be written, then nothing of it
  ///   holds
  /// @throws IllegalStateException if a part to remove is not active
  CatalogState commit(CatalogChange change);

  /// A part id that was never given before, not even to a part that was not committed.
  long newPartId();

  /// A table id that was never given before.
  long newTableId();

  /// Whether other servers have a say: then nothing is acknowledged that only this one has.
  default boolean isShared() {
    return false;
  }

  /// Waits until the state has all that was acknowledged anywhere before this call. Where nobody
  /// else commits it has.
  ///
  /// @throws dev.varve.storage.error.VarveException TIMEOUT_EXCEEDED, or KEEPER_EXCEPTION where the
  ///   others cannot be asked
  default void sync(long millis) {}

  /// Waits until the state has a change that several servers share, by its number.
  ///
  /// @throws dev.varve.storage.error.VarveException TIMEOUT_EXCEEDED
  default void await(long change, long millis) {}

  @Override
  void close();
}
