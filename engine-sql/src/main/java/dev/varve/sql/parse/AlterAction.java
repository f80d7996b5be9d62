// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.storage.table.Constraint;
import dev.varve.storage.table.Projection;
import dev.varve.storage.table.SkipIndex;
import dev.varve.storage.table.TtlRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlNode;

/// One action of an ALTER TABLE, read and not yet judged.
public sealed interface AlterAction {
  /// What changes the definition alone.
  sealed interface OfDefinition extends AlterAction {}

  /// What changes rows or parts.
  sealed interface OfRows extends AlterAction {}

  /// Where a column goes.
  ///
  /// @param after the column before it; absent for FIRST
  record Place(Optional<String> after) {}

  record AddColumn(Statement.Column column, Optional<Place> place, boolean ifNotExists)
      implements OfDefinition {}

  record DropColumn(String name, boolean ifExists) implements OfDefinition {}

  /// @param column holds what is to change; the rest is empty
  record ModifyColumn(Statement.Column column, Optional<Place> place, boolean ifExists)
      implements OfDefinition {}

  /// @param what DEFAULT, MATERIALIZED, ALIAS, EPHEMERAL, CODEC, COMMENT, TTL
  record RemoveOfColumn(String name, String what, boolean ifExists) implements OfDefinition {}

  record RenameColumn(String from, String to, boolean ifExists) implements OfDefinition {}

  record CommentColumn(String name, String comment, boolean ifExists) implements OfDefinition {}

  record ModifyComment(String comment) implements OfDefinition {}

  record ModifyOrderBy(List<String> key) implements OfDefinition {}

  /// @param rules empty for REMOVE TTL
  record ModifyTtl(List<TtlRule> rules) implements OfDefinition {}

  record ModifySettings(Map<String, String> settings) implements OfDefinition {}

  record ResetSettings(List<String> names) implements OfDefinition {}

  record AddIndex(SkipIndex index, Optional<Place> place, boolean ifNotExists)
      implements OfDefinition {}

  record DropIndex(String name, boolean ifExists) implements OfDefinition {}

  record AddConstraint(Constraint constraint, boolean ifNotExists) implements OfDefinition {}

  record DropConstraint(String name, boolean ifExists) implements OfDefinition {}

  record AddProjection(Projection projection, boolean ifNotExists) implements OfDefinition {}

  record DropProjection(String name, boolean ifExists) implements OfDefinition {}

  /// MATERIALIZE or CLEAR PROJECTION: nothing to do for what is only remembered.
  record TouchProjection(String name, boolean ifExists) implements OfDefinition {}

  record Delete(SqlNode where, Optional<Statement.Partition> partition) implements OfRows {}

  record Assignment(String column, SqlNode value) {}

  record Update(
      List<Assignment> assignments, SqlNode where, Optional<Statement.Partition> partition)
      implements OfRows {}

  /// Deleted rows leave the parts.
  record ApplyDeletedMask() implements OfRows {}

  record ClearColumn(String name, boolean ifExists, Optional<Statement.Partition> partition)
      implements OfRows {}

  /// CLEAR COLUMN of all partitions: what rows hold of it is forgotten.
  record ForgetColumn(String name, boolean ifExists) implements OfDefinition {}

  record MaterializeColumn(String name, Optional<Statement.Partition> partition)
      implements OfRows {}

  record MaterializeIndex(String name, boolean ifExists, Optional<Statement.Partition> partition)
      implements OfRows {}

  record ClearIndex(String name, boolean ifExists, Optional<Statement.Partition> partition)
      implements OfRows {}

  record MaterializeTtl(Optional<Statement.Partition> partition) implements OfRows {}

  record DropPartition(Statement.Partition partition) implements OfRows {}

  record DetachPartition(Statement.Partition partition) implements OfRows {}

  record AttachPartition(Statement.Partition partition) implements OfRows {}

  record DropDetached(Statement.Partition partition) implements OfRows {}

  /// ATTACH or REPLACE PARTITION … FROM.
  ///
  /// @param replaces whether the partition's own rows go
  record CopyPartition(Statement.Partition partition, Statement.Name from, boolean replaces)
      implements OfRows {}

  record MovePartition(Statement.Partition partition, Statement.Name to) implements OfRows {}

  /// @param undo for UNFREEZE
  record Freeze(Optional<Statement.Partition> partition, String name, boolean undo)
      implements OfRows {}
}
