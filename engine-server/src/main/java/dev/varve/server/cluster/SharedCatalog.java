// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.cluster;

import dev.varve.cluster.replica.Replica;
import dev.varve.cluster.replica.SharedTables;
import dev.varve.merge.engine.CatalogShare;
import dev.varve.merge.engine.MergeEngine;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.LocalCatalog;
import dev.varve.storage.table.PartCatalog;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/// Plugs a server's share of a cluster into its engine.
///
/// @param engine set before the replica starts: it shows what other servers change
public record SharedCatalog(Replica replica, AtomicReference<MergeEngine> engine)
    implements CatalogShare {
  @Override
  public PartCatalog over(LocalCatalog own) {
    return replica.over(
        own,
        new SharedTables() {
          @Override
          public void follow(CatalogChange change) {
            engine.get().following().follow(change);
          }

          @Override
          public void leads(boolean isPrimary) {
            engine.get().following().background(isPrimary);
          }

          @Override
          public void repair(Predicate<String> fetched) {
            engine.get().following().repair(fetched);
          }
        });
  }

  @Override
  public Set<String> alsoNamed() {
    return replica.names();
  }
}
