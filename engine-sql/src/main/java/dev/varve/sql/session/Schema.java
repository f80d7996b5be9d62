// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.engine.MergeEngine;
import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.engine.OptimizeRequest;
import dev.varve.merge.engine.PartCheck;
import dev.varve.sql.parse.Statement;
import dev.varve.sql.plan.PhysicalPlan;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.PartName;
import dev.varve.storage.part.PartVerifier;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Runs the statements that change what there is: databases, tables, views.
final class Schema {
  private final EngineParts parts;
  private final SessionState state;
  private final Names names;

  Schema(EngineParts parts, SessionState state, Names names) {
    this.parts = parts;
    this.state = state;
    this.names = names;
  }

  private MergeEngine engine() {
    return parts.tables();
  }

  void createDatabase(Statement.CreateDatabase create) {
    if (!create.ifNotExists() || !engine().databases().contains(create.name())) {
      engine().createDatabase(create.name());
      parts.catalog().changed();
    }
  }

  void dropDatabase(Statement.DropDatabase drop) {
    if (!drop.ifExists() || engine().databases().contains(drop.name())) {
      engine().dropDatabase(names.database(drop.name()));
      parts.catalog().changed();
    }
  }

  /// Returns the new table, or nothing where it was there already.
  Optional<MergeTable> createTable(Statement.CreateTable create) {
    TableName name = names.full(create.name());
    if (create.ifNotExists() && engine().table(name).isPresent()) {
      return Optional.empty();
    }
    Optional<TableDefinition> like = create.asTable().map(other -> names.get(other).definition());
    Optional<TableDefinition> behind = new RedirectingEngines(names).of(name, create, like);
    if (behind.isPresent()) {
      return Optional.of(put(behind.get(), create.orReplace()));
    }
    List<ResultColumn> columns = create.asQuery().map(this::describe).orElse(List.of());
    TableDefinition definition =
        new Definitions(parts.compiler(), state.querySettings().dialect().nullableColumns())
            .table(name, create, like, columns);
    return Optional.of(put(definition, create.orReplace()));
  }

  void createView(Statement.CreateView create) {
    TableName name = names.full(create.name());
    if (create.ifNotExists() && engine().table(name).isPresent()) {
      return;
    }
    List<ColumnDefinition> columns =
        describe(create.query()).stream()
            .map(column -> ColumnDefinition.of(column.name(), column.type()))
            .toList();
    put(
        new TableDefinition(
            name,
            columns,
            "View",
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            create.settings(),
            create.query().text(),
            create.comment(),
            0),
        create.orReplace());
  }

  private MergeTable put(TableDefinition definition, boolean replace) {
    if (replace && engine().table(definition.name()).isPresent()) {
      engine().drop(definition.name());
    }
    MergeTable table = engine().create(definition);
    parts.catalog().changed();
    return table;
  }

  void drop(Statement.Drop drop) {
    drop.tables().forEach(name -> drop(name, drop));
  }

  private void drop(Statement.Name name, Statement.Drop drop) {
    Optional<MergeTable> table = names.find(name);
    if (table.isEmpty() && drop.ifExists()) {
      return;
    }
    MergeTable found = table.orElseGet(() -> names.get(name));
    if (drop.view() && !found.definition().isView()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "\"" + found.definition().name() + "\" is a table; use DROP TABLE");
    }
    engine().drop(found.definition().name());
    parts.catalog().changed();
  }

  void rename(Statement.Rename rename) {
    Map<TableName, TableName> names = new LinkedHashMap<>();
    for (int i = 0; i < rename.from().size(); i++) {
      // Later pairs begin with the names that earlier ones gave, as if they were renamed in turn.
      TableName from = this.names.full(rename.from().get(i));
      TableName to = this.names.full(rename.to().get(i));
      TableName first =
          names.entrySet().stream()
              .filter(pair -> pair.getValue().equals(from))
              .map(Map.Entry::getKey)
              .findFirst()
              .orElseGet(() -> existing(from));
      names.put(first, to);
    }
    engine().rename(names);
    parts.catalog().changed();
  }

  private TableName existing(TableName name) {
    return names
        .get(new Statement.Name(Optional.of(name.database()), name.table()))
        .definition()
        .name();
  }

  void renameDatabase(Statement.RenameDatabase rename) {
    engine().renameDatabase(names.database(rename.from()), rename.to());
    parts.catalog().changed();
  }

  void exchange(Statement.Exchange exchange) {
    TableName one = names.get(exchange.one()).definition().name();
    TableName other = names.get(exchange.other()).definition().name();
    if (one.equals(other)) {
      return;
    }
    engine().rename(Map.of(one, other, other, one));
    parts.catalog().changed();
  }

  void detach(Statement.Detach detach) {
    if (!detach.ifExists() || names.find(detach.table()).isPresent()) {
      TableName name = names.get(detach.table()).definition().name();
      if (detach.permanently()) {
        engine().detachPermanently(name);
      } else {
        engine().detach(name);
      }
      parts.catalog().changed();
    }
  }

  void attach(Statement.Attach attach) {
    TableName full = names.full(attach.table());
    if (attach.definition().isPresent() && !engine().isDetached(full)) {
      createTable(attach.definition().get());
    } else if (!attach.ifNotExists() || names.find(attach.table()).isEmpty()) {
      engine().attach(full);
      parts.catalog().changed();
    }
  }

  void truncate(Statement.Truncate truncate) {
    if (truncate.ifExists() && names.find(truncate.table()).isEmpty()) {
      return;
    }
    stored(truncate.table()).truncate();
  }

  /// @param partition the id of the only one to merge
  void optimize(Statement.Optimize optimize, Optional<String> partition) {
    MergeTable table = stored(optimize.table());
    table.optimize(
        new OptimizeRequest(
            partition,
            optimize.whole(),
            optimize.cleanup(),
            optimize
                .deduplicate()
                .filter(_ -> !table.rule().collapsesKeys())
                .map(by -> Duplicates.columns(table.definition(), by))));
  }

  void merges(Statement.SystemMerges merges) {
    List<MergeTable> tables =
        merges.table().map(name -> List.of(stored(name))).orElseGet(this::allStored);
    if (merges.ttl()) {
      tables.forEach(merges.start() ? MergeTable::startTtl : MergeTable::stopTtl);
    } else {
      tables.forEach(merges.start() ? MergeTable::startMerges : MergeTable::stopMerges);
    }
  }

  void quarantinedPart(Statement.QuarantinedPart part) {
    MergeTable table = stored(part.table());
    if (part.restore()) {
      table.restoreQuarantined(part.part());
    } else {
      table.dropQuarantined(part.part());
    }
  }

  /// One row for each part: its name, whether it is sound, what is wrong.
  List<List<Object>> check(Statement.Check check) {
    List<List<Object>> rows = new ArrayList<>();
    for (PartCheck part : stored(check.table()).check(check.part())) {
      rows.add(
          List.of(
              PartName.of(part.part()),
              part.problems().isEmpty() ? 1L : 0L,
              part.problems().stream()
                  .map(PartVerifier.Problem::message)
                  .collect(Collectors.joining("; "))));
    }
    return rows;
  }

  void checkpoint() {
    for (MergeTable table : allStored()) {
      table.flush();
      table.optimize(Optional.empty(), false);
    }
  }

  private List<MergeTable> allStored() {
    return engine().tables().stream().filter(table -> !table.definition().isView()).toList();
  }

  void flush(Statement.SystemFlush flush) {
    flush.table().ifPresent(name -> stored(name).flush());
  }

  private MergeTable stored(Statement.Name name) {
    MergeTable table = names.get(name);
    if (table.definition().isView()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "\"" + table.definition().name() + "\" is a view and holds no rows");
    }
    return table;
  }

  /// The columns a query would give.
  List<ResultColumn> describe(Statement.Query query) {
    QuerySettings settings = state.with(query.settings()).querySettings();
    try (PhysicalPlan plan = RowQuery.plan(parts, state, query.node(), settings)) {
      return plan.columns().stream().map(c -> new ResultColumn(c.name(), c.type())).toList();
    }
  }
}
