// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.file.StatePlace;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.PartCatalog;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/// Small states in the catalog, which the servers of a cluster share.
///
/// @param directory of the data
record CatalogStates(PartCatalog catalog, Path directory) implements StatePlace {
  /// Where an engine keeps its states: in files, unless the catalog is shared, or was once.
  static StatePlace of(PartCatalog catalog, Path directory) {
    boolean isInCatalog = catalog.isShared() || !catalog.state().states().isEmpty();
    return isInCatalog ? new CatalogStates(catalog, directory) : StatePlace.in(directory);
  }

  @Override
  public Optional<byte[]> read(String name) {
    return Optional.ofNullable(catalog.state().states().get(name)).map(Base64.getDecoder()::decode);
  }

  @Override
  public void write(String name, byte[] bytes) {
    String content = Base64.getEncoder().encodeToString(bytes);
    catalog.commit(CatalogChange.of(new Operation.PutState(name, content)));
  }

  @Override
  public Path shown(String name) {
    return directory.resolve("manifest").resolve(name);
  }
}
