// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableSnapshot;
import java.util.List;
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
            parts.release(held);
            changing.unlock();
          };
      MutationLog.Entry entry = mutations.begin(command, held.size(), context.clock().millis());
      return new TableMutation(table, context, held, snapshot, reads.exact(), entry, release);
    } catch (RuntimeException | Error failed) {
      parts.release(reserved);
      if (snapshot != null) {
        snapshot.release();
      }
      changing.unlock();
      throw failed;
    }
  }

  void alter(UnaryOperator<TableDefinition> change) {
    changing.lock();
    List<HeldPart> reserved = List.of();
    try {
      TableDefinition before = schema.definition();
      Redefinition next = Redefinition.of(before, change.apply(before), context);
      table.flush();
      reserved = reserveAll();
      next.check(reserved);
      context
          .catalog()
          .commit(CatalogChange.of(new Operation.PutTable(table.id(), next.definition())));
      while (!parts.showThrough(next.lens()::seen, reserved, () -> take(next), schema::taken)) {
        merges.cancelAll();
        parts.awaitChange(PATIENCE_MILLIS);
      }
    } finally {
      parts.release(reserved);
      changing.unlock();
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
      parts.release(all);
      changing.unlock();
    }
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
