// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.parse.AccessStatement;
import dev.varve.sql.parse.BackupStatement;
import dev.varve.sql.parse.Statement;

/// Which statements change what the servers of a cluster share. These run at its primary, whichever
/// server was asked; all others run where they were asked.
final class SharedChanges {
  private SharedChanges() {}

  static boolean isOne(Statement statement, Names names) {
    return switch (statement) {
      case Statement.Insert insert -> isShared(insert.table(), names);
      case Statement.Explain explain ->
          explain.runs().map(insert -> isShared(insert.table(), names)).orElse(false);
      case Statement.Drop drop -> drop.tables().stream().anyMatch(table -> isShared(table, names));
      case Statement.Truncate truncate -> isShared(truncate.table(), names);
      case Statement.Optimize optimize -> isShared(optimize.table(), names);
      case Statement.Alter alter -> isShared(alter.table(), names);
      case Statement.Access(AccessStatement access) -> isOne(access);
      case Statement.Backup(BackupStatement backup) -> backup.restores();
      case Statement.CreateTable _,
          Statement.CreateView _,
          Statement.CreateMaterializedView _,
          Statement.ModifyQuery _,
          Statement.CreateFunction _,
          Statement.DropFunction _,
          Statement.CreateDatabase _,
          Statement.DropDatabase _,
          Statement.Rename _,
          Statement.RenameDatabase _,
          Statement.Exchange _,
          Statement.Detach _,
          Statement.Attach _,
          Statement.SystemMerges _,
          Statement.SystemFlush _,
          Statement.Checkpoint _ ->
          true;
      case Statement.Query _,
          Statement.IntoFile _,
          Statement.CreateTemporary _,
          Statement.Show _,
          Statement.Describe _,
          Statement.DescribeQuery _,
          Statement.ShowCreate _,
          Statement.ShowCreateDatabase _,
          Statement.ExistsTable _,
          Statement.ExistsDatabase _,
          Statement.CreateTopic _,
          Statement.DropTopic _,
          Statement.Use _,
          Statement.SetSettings _,
          Statement.QuarantinedPart _,
          Statement.Check _,
          Statement.SystemSync _,
          Statement.DropReplica _,
          Statement.SystemNothing _,
          Statement.Kill _ ->
          false;
    };
  }

  private static boolean isOne(AccessStatement statement) {
    return switch (statement) {
      case AccessStatement.ShowGrants _, AccessStatement.ShowUsers _, AccessStatement.ShowRoles _ ->
          false;
      default -> true;
    };
  }

  /// Temporary tables are of a session, and that is here.
  private static boolean isShared(Statement.Name table, Names names) {
    return names.temporary().isEmpty() || !names.full(table).database().equals(names.temporary());
  }
}
