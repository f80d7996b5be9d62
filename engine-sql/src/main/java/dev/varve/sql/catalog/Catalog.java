// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.catalog;

import dev.varve.storage.table.TableName;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// Everything a query can name. Names match exactly here; who wants a looser match walks the lists.
public interface Catalog {
  Optional<Relation> find(TableName name);

  Collection<String> databases();

  /// Names of the tables and views of a database; empty if there is no such database.
  Collection<String> tables(String database);

  /// The topics of the log, where there is one.
  default Optional<TopicAccess> topics() {
    return Optional.empty();
  }

  /// The lambda behind a function that users made.
  default Optional<String> function(String name) {
    return Optional.empty();
  }

  /// The files that queries may read.
  default UserFiles files() {
    return UserFiles.ANYWHERE;
  }

  /// The settings of the session that asks, where there is one.
  default Map<String, String> settings() {
    return Map.of();
  }

  /// Called before a query reads files of the server; refuses who may not.
  void requireFiles(String function);

  /// Grows whenever an answer of this catalog may have changed; plans are cached under it.
  long version();
}
