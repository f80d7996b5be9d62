// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.access.Access;
import dev.varve.merge.access.Privilege;
import dev.varve.sql.parse.AlterAction;
import dev.varve.sql.parse.Statement;
import dev.varve.storage.table.TableName;
import java.util.List;

/// What each statement that is no query needs. What queries read is held by [SessionCatalog].
final class Permissions {
  private final Access access;
  private final Names names;

  Permissions(Access access, Names names) {
    this.access = access;
    this.names = names;
  }

  /// @throws dev.varve.storage.error.VarveException ACCESS_DENIED
  void check(Statement statement) {
    if (access.isUnlimited()) {
      return;
    }
    switch (statement) {
      case Statement.Query _,
          Statement.Show _,
          Statement.DescribeQuery _,
          Statement.SetSettings _,
          Statement.Use _,
          Statement.ShowCreateDatabase _,
          Statement.ExistsTable _,
          Statement.ExistsDatabase _,
          Statement.Access _ -> {}
      case Statement.Describe(Statement.Name table) -> seen(table);
      case Statement.ShowCreate(Statement.Name table) -> seen(table);
      case Statement.Insert insert -> insert(insert.table(), insert.columns());
      case Statement.Explain explain ->
          explain.runs().ifPresent(insert -> insert(insert.table(), insert.columns()));
      case Statement.CreateTable create -> {
        on(Privilege.CREATE, create.name());
        outside(create);
      }
      case Statement.CreateTemporary(Statement.CreateTable create) -> outside(create);
      case Statement.CreateView create -> on(Privilege.CREATE, create.name());
      case Statement.CreateMaterializedView create -> on(Privilege.CREATE, create.table().name());
      case Statement.CreateDatabase create -> access.require(Privilege.CREATE, create.name(), "");
      case Statement.DropDatabase drop -> access.require(Privilege.DROP, drop.name(), "");
      case Statement.Drop drop -> drop.tables().forEach(name -> on(Privilege.DROP, name));
      case Statement.Truncate truncate -> on(Privilege.TRUNCATE, truncate.table());
      case Statement.Optimize optimize -> on(Privilege.OPTIMIZE, optimize.table());
      case Statement.Alter alter -> {
        on(Privilege.ALTER, alter.table());
        alter.actions().forEach(this::outside);
      }
      case Statement.ModifyQuery modify -> on(Privilege.ALTER, modify.view());
      case Statement.Rename rename -> {
        rename.from().forEach(name -> on(Privilege.DROP, name));
        rename.to().forEach(name -> on(Privilege.CREATE, name));
      }
      case Statement.Exchange exchange -> {
        on(Privilege.DROP, exchange.one());
        on(Privilege.DROP, exchange.other());
      }
      case Statement.Detach detach -> on(Privilege.DROP, detach.table());
      case Statement.Attach attach -> on(Privilege.CREATE, attach.table());
      case Statement.Check check -> seen(check.table());
      case Statement.Kill _ -> access.require(Privilege.KILL_QUERY, "", "");
      // A backup holds every row and every user; what comes back may be anything.
      case Statement.Backup _ -> access.require(Privilege.SYSTEM, "", "");
      default -> access.require(Privilege.SYSTEM, "", "");
    }
  }

  /// The server connects to where a table of the engine Kafka says.
  private void outside(Statement.CreateTable create) {
    if (create.engine().filter(OutsideTopics::isMeant).isPresent()) {
      access.require(Privilege.SYSTEM, "", "");
    }
  }

  /// Where a table of the engine Kafka is sent elsewhere, its password goes with it.
  private void outside(AlterAction action) {
    if (action instanceof AlterAction.ModifySettings modify
        && modify.settings().keySet().stream().anyMatch(name -> name.startsWith("kafka_"))) {
      access.require(Privilege.SYSTEM, "", "");
    }
  }

  private void on(Privilege privilege, Statement.Name name) {
    TableName table = names.full(name);
    if (!isTemporary(table)) {
      access.require(privilege, table.database(), table.table());
    }
  }

  private void insert(Statement.Name name, List<String> columns) {
    TableName table = names.full(name);
    if (isTemporary(table)) {
      return;
    }
    if (columns.isEmpty()) {
      access.require(Privilege.INSERT, table.database(), table.table());
    } else {
      access.require(Privilege.INSERT, table.database(), table.table(), columns);
    }
  }

  private boolean isTemporary(TableName table) {
    return !names.temporary().isEmpty() && table.database().equals(names.temporary());
  }

  /// A table of which the user may know: any privilege that shows it.
  private void seen(Statement.Name name) {
    TableName table = names.full(name);
    if (!isTemporary(table) && !sees(access, table.database(), table.table())) {
      access.require(Privilege.SHOW, table.database(), table.table());
    }
  }

  static boolean sees(Access access, String database, String table) {
    return access.allows(Privilege.SHOW, database, table, "")
        || access.allows(Privilege.SELECT, database, table, "")
        || access.allows(Privilege.INSERT, database, table, "");
  }
}
