// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.engine.MergeTable;
import dev.varve.sql.parse.AlterAction;
import dev.varve.sql.parse.Statement;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs ALTER TABLE, DELETE and UPDATE. Actions on the definition that stand together become true
/// together; actions on rows and parts come one after another.
final class Alters {
  private final EngineParts parts;
  private final SessionState state;
  private final Names names;
  private final Mutations mutations;
  private final Running running;
  private final boolean appliesTtl;

  Alters(EngineParts parts, SessionState state, Names names, Running running) {
    this.parts = parts;
    this.state = state;
    this.names = names;
    this.running = running;
    this.appliesTtl = state.querySettings().appliesTtl();
    this.mutations = new Mutations(parts, state, running);
  }

  /// Returns how many rows were deleted or updated.
  long run(Statement.Alter alter) {
    MergeTable table = names.get(alter.table());
    if (table.definition().isView()) {
      throw new VarveException(
          ErrorCode.NOT_IMPLEMENTED,
          "\"" + table.definition().name() + "\" is a view; alter the tables it reads");
    }
    long rows = 0;
    List<AlterAction.OfDefinition> pending = new ArrayList<>();
    for (AlterAction action : alter.actions()) {
      switch (action) {
        case AlterAction.OfDefinition ofDefinition -> pending.add(ofDefinition);
        case AlterAction.OfRows ofRows -> {
          define(table, pending);
          rows += change(table, ofRows);
        }
      }
    }
    define(table, pending);
    return rows;
  }

  private Ttl ttl(MergeTable table) {
    return new Ttl(parts, state, running, table);
  }

  /// Actions on the definition become true together.
  private void define(MergeTable table, List<AlterAction.OfDefinition> actions) {
    if (!actions.isEmpty()) {
      List<AlterAction.OfDefinition> all = List.copyOf(actions);
      table.alter(before -> new AlteredDefinition(before, parts.compiler()).with(all));
      parts.catalog().changed();
      actions.clear();
      if (appliesTtl && all.stream().anyMatch(Alters::setsTtl)) {
        ttl(table).apply(Optional.empty());
      }
    }
  }

  private static boolean setsTtl(AlterAction.OfDefinition action) {
    return switch (action) {
      case AlterAction.ModifyTtl modify -> !modify.rules().isEmpty();
      case AlterAction.ModifyColumn modify -> modify.column().ttl().isPresent();
      default -> false;
    };
  }

  private long change(MergeTable table, AlterAction.OfRows action) {
    return switch (action) {
      case AlterAction.Delete delete ->
          mutations.delete(
              table, delete.where(), partition(table, delete.partition()), running.sql());
      case AlterAction.Update update ->
          mutations.update(table, update, partition(table, update.partition()), running.sql());
      case AlterAction.MaterializeColumn column ->
          mutations.materialize(
              table, column.name(), partition(table, column.partition()), running.sql());
      case AlterAction.MaterializeIndex index when has(table, index.name(), index.ifExists()) ->
          done(() -> table.materializeIndex(index.name(), partition(table, index.partition())));
      case AlterAction.ClearIndex index when has(table, index.name(), index.ifExists()) ->
          done(() -> table.clearIndex(index.name(), partition(table, index.partition())));
      case AlterAction.MaterializeIndex _, AlterAction.ClearIndex _ -> 0;
      case AlterAction.ApplyDeletedMask _ -> done(() -> table.optimize(Optional.empty(), true));
      case AlterAction.ClearColumn clear -> clear(table, clear);
      case AlterAction.MaterializeTtl(Optional<Statement.Partition> partition) ->
          done(() -> ttl(table).apply(partition(table, partition)));
      case AlterAction.DropPartition(Statement.Partition partition) ->
          done(() -> new PartitionText(parts, table).drop(partition));
      case AlterAction.DetachPartition(Statement.Partition partition) ->
          done(() -> new PartitionActions(parts, table).detach(partition));
      case AlterAction.AttachPartition(Statement.Partition partition) ->
          done(() -> new PartitionActions(parts, table).attach(partition));
      case AlterAction.DropDetached(Statement.Partition partition) ->
          done(() -> new PartitionActions(parts, table).dropDetached(partition));
      case AlterAction.CopyPartition copy ->
          done(() -> new PartitionActions(parts, table).copy(copy, names.get(copy.from())));
      case AlterAction.MovePartition move ->
          done(() ->
              new PartitionActions(parts, table).move(move.partition(), names.get(move.to())));
      case AlterAction.Freeze freeze ->
          done(() -> new PartitionActions(parts, table).freeze(freeze));
      default ->
          throw new VarveException(
              ErrorCode.NOT_IMPLEMENTED,
              "this ALTER TABLE is not supported: " + action.getClass().getSimpleName());
    };
  }

  /// Whether an index is to be touched: one that is not there is an error unless IF EXISTS stands.
  private static boolean has(MergeTable table, String index, boolean ifExists) {
    return !ifExists || table.definition().indexes().stream().anyMatch(i -> i.name().equals(index));
  }

  /// Gives all rows the column's default, as if it had been added just now.
  private long clear(MergeTable table, AlterAction.ClearColumn clear) {
    if (clear.partition().isEmpty()) {
      define(
          table,
          new ArrayList<>(List.of(new AlterAction.ForgetColumn(clear.name(), clear.ifExists()))));
      return 0;
    }
    if (clear.ifExists() && table.definition().column(clear.name()).isEmpty()) {
      return 0;
    }
    return mutations.clear(table, clear.name(), partition(table, clear.partition()), running.sql());
  }

  private static long done(Runnable work) {
    work.run();
    return 0;
  }

  private Optional<String> partition(MergeTable table, Optional<Statement.Partition> partition) {
    return partition.flatMap(new PartitionText(parts, table)::id);
  }
}
