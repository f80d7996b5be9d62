// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.replica;

import dev.varve.storage.table.CatalogChange;
import java.util.function.Predicate;

/// The engine whose catalog is shared, as the replica asks it for things.
public interface SharedTables {
  /// Commits a change of another server to the engine's own catalog, and shows it.
  void follow(CatalogChange change);

  /// This server may commit from now on, or may not any more.
  void leads(boolean isPrimary);

  /// Takes damaged parts out of quarantine whose files can be had from elsewhere.
  ///
  /// @param fetched brings a part, or a file of deleted rows, and says whether it could
  void repair(Predicate<String> fetched);
}
