// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.parse.Statement;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes materialized views.
final class MaterializedViewSchema {
  private final EngineParts parts;
  private final Names names;
  private final Schema schema;

  MaterializedViewSchema(EngineParts parts, Names names, Schema schema) {
    this.parts = parts;
    this.names = names;
    this.schema = schema;
  }

  /// @param populate fills the view with the rows that are there already
  void create(Statement.CreateMaterializedView create, Runnable populate) {
    Statement.CreateTable table = create.table();
    TableName name = names.full(table.name());
    if (parts.tables().table(name).isPresent()) {
      if (table.ifNotExists()) {
        return;
      }
      if (table.orReplace()) {
        parts.tables().drop(name);
      }
    }
    Statement.Query query = table.asQuery().orElseThrow();
    List<ResultColumn> columns = schema.describe(query);
    TableDefinition view;
    Optional<TableDefinition> inner = Optional.empty();
    if (create.to().isPresent()) {
      refuseOwnTable(create);
      TableName target = names.get(create.to().get()).definition().name();
      view = view(name, declared(table, name, columns), query, target, table.comment());
    } else {
      TableName own = new TableName(name.database(), ".inner." + name.table());
      inner = Optional.of(declared(table, own, columns));
      view = view(name, inner.get(), query, own, table.comment());
    }
    parts
        .tables()
        .createMaterializedView(
            view,
            inner,
            () -> {
              parts.catalog().changed();
              populate.run();
            });
    parts.catalog().changed();
  }

  /// Gives a view another query: blocks that come later go through that.
  void modify(Statement.ModifyQuery modify) {
    TableDefinition view = names.get(modify.view()).definition();
    if (!view.isMaterializedView()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "\"" + view.name() + "\" is no materialized view: only one has a query to modify");
    }
    List<ColumnDefinition> columns =
        schema.describe(modify.query()).stream()
            .map(column -> ColumnDefinition.of(column.name(), column.type()))
            .toList();
    boolean hasOwnTable = parts.tables().innerTable(names.get(modify.view())).isPresent();
    parts
        .tables()
        .modifyMaterializedView(
            view.change()
                .query(modify.query().text())
                .columns(hasOwnTable ? view.columns() : columns)
                .schemaVersion(view.schemaVersion() + 1)
                .done());
    parts.catalog().changed();
  }

  private static void refuseOwnTable(Statement.CreateMaterializedView create) {
    if (create.table().engine().isPresent() || create.table().orderBy().isPresent()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "a materialized view with TO keeps its rows in that table; leave ENGINE and ORDER BY"
              + " out");
    }
    if (create.populate()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "POPULATE fills a view's own table; with TO, insert the older rows into the target"
              + " by INSERT INTO ... SELECT");
    }
  }

  private TableDefinition declared(
      Statement.CreateTable table, TableName name, List<ResultColumn> columns) {
    return new Definitions(parts.compiler()).table(name, table, Optional.empty(), columns);
  }

  private static TableDefinition view(
      TableName name,
      TableDefinition declared,
      Statement.Query query,
      TableName target,
      String comment) {
    List<ColumnDefinition> columns = declared.columns();
    return new TableDefinition(
            name,
            columns,
            "MaterializedView",
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            query.text(),
            comment,
            0)
        .change()
        .target(Optional.of(target))
        .done();
  }
}
