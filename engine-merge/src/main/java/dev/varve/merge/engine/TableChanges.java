// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.schema.Folding;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Changes of a table that take all its parts at once: mutations, other definitions, partitions
/// that come and go. One after the other; each sees what was acknowledged before it on disk, and no
/// merge touches the parts meanwhile. Safe for threads.
final class TableChanges {
  private static final long PATIENCE_MILLIS = 10;

  private final MergeTable table;
  private final EngineContext context;
  private final TableSchema schema;
  private final TableParts parts;
  private final TableReads reads;
  private final TableMerges merges;
  private final PartQuarantine quarantine;
  private final MutationLog mutations = new MutationLog();
  private final ReentrantLock changing = new ReentrantLock();

  TableChanges(
      MergeTable table,
      EngineContext context,
      TableSchema schema,
      TableParts parts,
      TableReads reads,
      TableMerges merges,
      PartQuarantine quarantine) {
    this.table = table;
    this.context = context;
    this.schema = schema;
    this.parts = parts;
    this.reads = reads;
    this.merges = merges;
    this.quarantine = quarantine;
  }

  List<MutationLog.Entry> mutations() {
    return mutations.entries();
  }

  TableMutation mutate(String command) {
    changing.lock();
    List<HeldPart> reserved = List.of();
    TableSnapshot snapshot = null;
    try {
      table.flush();
      quarantine.refuseIfAny();
      reserved = reserveAll();
      snapshot = parts.lease();
      List<HeldPart> held = reserved;
      Runnable release =
          () -> {
            release(held);
            changing.unlock();
          };
      MutationLog.Entry entry = mutations.begin(command, held.size(), context.clock().millis());
      return new TableMutation(table, context, held, snapshot, reads.exact(), entry, release);
    } catch (RuntimeException | Error failed) {
      release(reserved);
      if (snapshot != null) {
        snapshot.release();
      }
      changing.unlock();
      throw failed;
    }
  }

  void alter(UnaryOperator<TableDefinition> change) {
    if (!alter(change, false)) {
      context.feeds().whileNothingComes(List.of(table), () -> alter(change, true));
    }
  }

  /// @param nothingComes whether it is made sure that no rows come meanwhile
  /// @return false where that has to be made sure first, and nothing was done
  private boolean alter(UnaryOperator<TableDefinition> change, boolean nothingComes) {
    changing.lock();
    List<HeldPart> reserved = List.of();
    try {
      TableDefinition before = schema.definition();
      Redefinition next = Redefinition.of(before, change.apply(before), context);
      if (next.folding() != Folding.NONE && !nothingComes) {
        return false;
      }
      table.flush();
      fold(next.folding());
      reserved = reserveAll();
      next.check(reserved);
      context
          .catalog()
          .commit(CatalogChange.of(new Operation.PutTable(table.id(), next.definition())));
      show(next, reserved);
      return true;
    } finally {
      release(reserved);
      changing.unlock();
    }
  }

  /// Makes rows of a key one row, as the definition so far combines them.
  private void fold(Folding folding) {
    if (folding == Folding.NONE) {
      return;
    }
    quarantine.refuseIfAny();
    if (!table.kept().detached().isEmpty()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "this ALTER asks for rows of table "
              + table.definition().name()
              + " that are combined, and those of its detached parts are not: attach these first,"
              + " or drop them (DROP DETACHED PARTITION)");
    }
    long partitions =
        parts.peek().stream().map(part -> part.part().info().partition()).distinct().count();
    if (folding == Folding.WHOLE && partitions > 1 && table.combinesAcrossPartitions()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "this ALTER asks for rows of table "
              + table.definition().name()
              + " that are combined, and its keys may stand in several partitions, which are never"
              + " merged: add the column without DEFAULT (or with 0) and set it by ALTER TABLE ..."
              + " UPDATE, or copy the rows into a table of the wanted columns");
    }
    merges.optimize(OptimizeRequest.of(Optional.empty(), true));
  }

  private void show(Redefinition next, List<HeldPart> reserved) {
    try (TableMerges.Hold _ = merges.hold()) {
      while (!parts.showThrough(next.lens()::seen, reserved, () -> take(next), schema::taken)) {
        merges.cancelAll();
        parts.awaitChange(PATIENCE_MILLIS);
      }
    }
  }

  private void take(Redefinition next) {
    schema.take(next);
    reads.forget();
  }

  /// The table goes by another name; nothing else changes. The catalog knows already.
  void renamed(TableDefinition renamed) {
    changing.lock();
    try {
      schema.rename(renamed);
      parts.views().forget();
    } finally {
      changing.unlock();
    }
  }

  /// @param work gives the change to commit, or null for none
  void change(Function<List<HeldPart>, PartExchange> work) {
    changing.lock();
    List<HeldPart> all = List.of();
    try {
      table.flush();
      all = reserveAll();
      PartExchange exchange = work.apply(all);
      if (exchange != null && !exchange.isEmpty()) {
        table.exchange(exchange);
      }
    } finally {
      release(all);
      changing.unlock();
    }
  }

  /// Merges that were stopped for the change may begin again, whether it changed anything or not.
  private void release(List<HeldPart> held) {
    parts.release(held);
    table.pokeMerges();
  }

  /// Removes all rows, those of parts that cannot be opened included.
  void truncate() {
    table.flush();
    merges.cancelAll();
    List<HeldPart> all = reserveAll();
    try {
      PartExchange exchange = new PartExchange(context, table.id());
      all.forEach(exchange::remove);
      exchange.also(new Operation.ForgetTokens(table.id())); // their rows are gone
      List<QuarantinedPart> lost =
          quarantine.parts().stream().filter(QuarantinedPart::lost).toList();
      lost.forEach(part -> exchange.also(new Operation.RemovePart(table.id(), part.part().id())));
      parts.swap(all, exchange.commit());
      lost.forEach(part -> context.files().delete(part.part()));
      lost.forEach(quarantine::forget);
    } finally {
      parts.release(all);
    }
  }

  /// All parts on disk, reserved: merges that hold some are stopped.
  private List<HeldPart> reserveAll() {
    try (TableMerges.Hold _ = merges.hold()) {
      while (true) {
        List<HeldPart> all = parts.peek().stream().filter(part -> !TableParts.isRun(part)).toList();
        if (parts.reserve(all)) {
          return all;
        }
        merges.cancelAll();
        parts.awaitChange(PATIENCE_MILLIS);
      }
    }
  }
}
