// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartName;
import dev.varve.storage.part.PartVerifier;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.HeldPart;
import java.util.List;
import java.util.Optional;

/// What somebody can decide of a part in quarantine.
///
/// @param table whose part it is
record QuarantineRemedies(
    MergeTable table, EngineContext context, TableParts parts, PartQuarantine quarantine) {

  /// Checks the part's files and, if they are sound, opens them anew: what was open may be the old
  /// files, which whoever repaired the part has replaced.
  void restore(String name) {
    QuarantinedPart part = find(name);
    List<PartVerifier.Problem> problems =
        PartVerifier.verify(
                context.files().of(part.part()),
                new PartVerifier.Expected(Optional.of(part.part()), table.rule().collapsesKeys()))
            .problems();
    if (!problems.isEmpty()) {
      throw new VarveException(
          ErrorCode.CORRUPTED_DATA,
          PartName.of(part.part())
              + " is still damaged: "
              + problems.getFirst().message()
              + (problems.size() == 1 ? "" : ", and " + (problems.size() - 1) + " more"));
    }
    HeldPart sound =
        context.files().open(part.part(), catalogTable().deletes().get(part.part().id()));
    try {
      commit(new Operation.ReleasePart(table.id(), part.part().id()));
    } catch (RuntimeException | Error refused) {
      sound.letGo();
      throw refused;
    }
    Optional<HeldPart> before = active(part.part());
    if (before.isPresent()) {
      parts.reopen(before.get(), sound);
    } else {
      parts.swap(List.of(), List.of(sound));
    }
    quarantine.forget(part);
    parts.views().forget();
  }

  void drop(String name) {
    QuarantinedPart part = find(name);
    Optional<HeldPart> held = active(part.part());
    if (held.isEmpty()) {
      commit(new Operation.RemovePart(table.id(), part.part().id()));
      quarantine.forget(part);
      context.files().delete(part.part());
      parts.views().forget();
      return;
    }
    while (!parts.reserve(List.of(held.get()))) {
      parts.awaitChange(100); // a merge that read it before still runs
      find(name);
    }
    try {
      commit(new Operation.RemovePart(table.id(), part.part().id()));
      parts.swap(List.of(held.get()), List.of());
    } finally {
      parts.release(List.of(held.get()));
    }
  }

  private CatalogTable catalogTable() {
    return context.catalog().state().tables().get(table.id());
  }

  private void commit(Operation operation) {
    context.catalog().commit(CatalogChange.of(operation));
  }

  private Optional<HeldPart> active(PartInfo part) {
    return parts.peek().stream().filter(held -> held.id() == part.id()).findFirst();
  }

  private QuarantinedPart find(String name) {
    return quarantine
        .find(name)
        .orElseThrow(() ->
            new VarveException(
                ErrorCode.BAD_ARGUMENTS,
                "table "
                    + table.definition().name()
                    + " has no part \""
                    + name
                    + "\" in quarantine"
                    + NearNames.suggest(
                        name, quarantine.parts().stream().map(q -> PartName.of(q.part())).toList())
                    + "; system.quarantined_parts lists them"));
  }
}
