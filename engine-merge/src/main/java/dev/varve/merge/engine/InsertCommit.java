// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.SeqStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The commit of parts that bring new rows.
final class InsertCommit {
  private InsertCommit() {}

  /// Commits parts of one INSERT, of all tables in one change, and shows them in this order.
  ///
  /// @param root the table that the notes are about
  static void run(
      EngineContext context,
      Map<MergeTable, List<DiskPart>> written,
      MergeTable root,
      CommitNotes notes) {
    CatalogChange.Builder change = CatalogChange.builder();
    notes.tokens().forEach(token -> change.add(new Operation.PutToken(root.id(), token)));
    notes.marks().forEach((name, at) -> change.add(new Operation.PutMark(root.id(), name, at)));
    List<DiskPart> all = new ArrayList<>();
    written.forEach((table, parts) -> {
      describe(table, parts, change);
      all.addAll(parts);
    });
    List<HeldPart> held = commit(context, change.build(), all, new DeletesOfMade(context));
    int from = 0;
    for (Map.Entry<MergeTable, List<DiskPart>> entry : written.entrySet()) {
      int to = from + entry.getValue().size();
      entry.getKey().show(held.subList(from, to));
      from = to;
    }
  }

  /// New parts and the sequences they rely on.
  static void describe(MergeTable table, List<DiskPart> written, CatalogChange.Builder change) {
    written.forEach(part -> change.addPart(part.info()));
    describeSequences(table, written, change::add);
  }

  /// What a commit of new parts says of the sequences they rely on.
  static void describeSequences(
      MergeTable table, List<DiskPart> written, Consumer<Operation> change) {
    long greatest = 0;
    for (DiskPart part : written) {
      greatest = Math.max(greatest, part.info().sequences().last());
    }
    change.accept(new Operation.RaiseSequence(table.id(), greatest));
    for (SeqStep step : table.sequences().steps()) {
      change.accept(new Operation.PutStep(table.id(), step));
    }
  }

  /// Commits a change and holds the parts made for it. If the catalog refuses, they are deleted;
  /// unless nobody knows whether it did: then they stay, and the next start finds out.
  ///
  /// @param deletes what of them is deleted already
  static List<HeldPart> commit(
      EngineContext context, CatalogChange change, List<DiskPart> made, DeletesOfMade deletes) {
    try {
      context.catalog().commit(change);
    } catch (VarveException refused) {
      made.forEach(DiskPart::close);
      if (!refused.code().leavesDoubt()) {
        made.forEach(part -> context.files().delete(part.info()));
        deletes.drop();
      }
      throw refused;
    }
    deletes.keep();
    return made.stream().map(context.files()::hold).map(deletes::held).toList();
  }
}
