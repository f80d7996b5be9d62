// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.table.LocalCatalog;
import dev.varve.storage.table.PartCatalog;
import java.util.Set;

/// How an engine's catalog is shared with those of other servers.
public interface CatalogShare {
  /// Nobody else has a say.
  CatalogShare ALONE =
      new CatalogShare() {
        @Override
        public PartCatalog over(LocalCatalog own) {
          return own;
        }

        @Override
        public Set<String> alsoNamed() {
          return Set.of();
        }
      };

  /// The catalog that the engine commits to.
  ///
  /// @param own the one in the data directory, closed by the result
  PartCatalog over(LocalCatalog own);

  /// Names of parts, and of files of deleted rows, that a change which may hold names: they stay
  /// though the catalog does not name them yet.
  Set<String> alsoNamed();
}
