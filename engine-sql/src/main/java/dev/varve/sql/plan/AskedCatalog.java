// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan;

import dev.varve.sql.catalog.Catalog;
import dev.varve.sql.catalog.Relation;
import dev.varve.sql.catalog.TopicAccess;
import dev.varve.sql.catalog.UserFiles;
import dev.varve.storage.table.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A catalog that remembers what it was asked while a query is planned. For one thread.
final class AskedCatalog implements Catalog {
  private final Catalog catalog;
  private final List<Prepared.Answer> answers = new ArrayList<>();
  private boolean listed;

  AskedCatalog(Catalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public Optional<Relation> find(TableName name) {
    Optional<Relation> found = catalog.find(name);
    answers.add(Prepared.Answer.of(name, found));
    return found;
  }

  @Override
  public Optional<String> function(String name) {
    listed = true;
    return catalog.function(name);
  }

  /// Not written down, as a plan is kept for the settings that it was made under.
  @Override
  public Map<String, String> settings() {
    return catalog.settings();
  }

  @Override
  public UserFiles files() {
    // What files hold may be another the next time.
    listed = true;
    return catalog.files();
  }

  @Override
  public void requireFiles(String function) {
    catalog.requireFiles(function);
  }

  @Override
  public Collection<String> databases() {
    listed = true;
    return catalog.databases();
  }

  @Override
  public Collection<String> tables(String database) {
    listed = true;
    return catalog.tables(database);
  }

  @Override
  public Optional<TopicAccess> topics() {
    return catalog.topics();
  }

  @Override
  public long version() {
    return catalog.version();
  }

  /// What it answered about names.
  List<Prepared.Answer> answers() {
    return List.copyOf(answers);
  }

  /// Whether names are all that it was asked for.
  boolean isComplete() {
    return !listed;
  }
}
