// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import dev.varve.storage.column.ColumnDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A definition under change. One thread.
public final class TableChange {
  private TableName name;
  private List<ColumnDefinition> columns;
  private String engine;
  private List<String> engineArguments;
  private List<String> orderBy;
  private List<String> primaryKey;
  private List<String> partitionBy;
  private Map<String, String> settings;
  private String query;
  private String comment;
  private int schemaVersion;
  private List<SkipIndex> indexes;
  private List<TtlRule> ttls;
  private List<Constraint> constraints;
  private List<Projection> projections;
  private Optional<TableName> target;

  TableChange(TableDefinition from) {
    name = from.name();
    columns = from.columns();
    engine = from.engine();
    engineArguments = from.engineArguments();
    orderBy = from.orderBy();
    primaryKey = from.primaryKey();
    partitionBy = from.partitionBy();
    settings = from.settings();
    query = from.query();
    comment = from.comment();
    schemaVersion = from.schemaVersion();
    indexes = from.indexes();
    ttls = from.ttls();
    constraints = from.constraints();
    projections = from.projections();
    target = from.target();
  }

  public TableChange name(TableName changed) {
    name = changed;
    return this;
  }

  public TableChange columns(List<ColumnDefinition> changed) {
    columns = changed;
    return this;
  }

  public TableChange engine(String changed) {
    engine = changed;
    return this;
  }

  public TableChange engineArguments(List<String> changed) {
    engineArguments = changed;
    return this;
  }

  public TableChange orderBy(List<String> changed) {
    orderBy = changed;
    return this;
  }

  public TableChange primaryKey(List<String> changed) {
    primaryKey = changed;
    return this;
  }

  public TableChange partitionBy(List<String> changed) {
    partitionBy = changed;
    return this;
  }

  public TableChange settings(Map<String, String> changed) {
    settings = changed;
    return this;
  }

  public TableChange query(String changed) {
    query = changed;
    return this;
  }

  public TableChange comment(String changed) {
    comment = changed;
    return this;
  }

  public TableChange schemaVersion(int changed) {
    schemaVersion = changed;
    return this;
  }

  public TableChange indexes(List<SkipIndex> changed) {
    indexes = changed;
    return this;
  }

  public TableChange ttls(List<TtlRule> changed) {
    ttls = changed;
    return this;
  }

  public TableChange constraints(List<Constraint> changed) {
    constraints = changed;
    return this;
  }

  public TableChange projections(List<Projection> changed) {
    projections = changed;
    return this;
  }

  public TableChange target(Optional<TableName> changed) {
    target = changed;
    return this;
  }

  public TableDefinition done() {
    return new TableDefinition(
        name,
        columns,
        engine,
        engineArguments,
        orderBy,
        primaryKey,
        partitionBy,
        settings,
        query,
        comment,
        schemaVersion,
        indexes,
        ttls,
        constraints,
        projections,
        target);
  }
}
