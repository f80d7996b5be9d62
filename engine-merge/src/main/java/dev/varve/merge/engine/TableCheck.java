// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartName;
import dev.varve.storage.part.PartVerifier;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.PartFiles;
import dev.varve.storage.table.TableSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `CHECK TABLE`: every byte of the parts on disk, while the table goes on.
record TableCheck(
    MergeTable table, EngineContext context, TableParts parts, PartQuarantine quarantine) {

  /// @param damage hears of each damaged part
  List<PartCheck> check(Optional<String> only, PartFiles.Damage damage) {
    List<PartCheck> checked = new ArrayList<>();
    TableSnapshot snapshot = parts.lease();
    try {
      for (PartInfo part : wanted(snapshot, only)) {
        checked.add(check(part, damage));
      }
    } finally {
      snapshot.release();
    }
    return checked;
  }

  private List<PartInfo> wanted(TableSnapshot snapshot, Optional<String> only) {
    List<PartInfo> all = new ArrayList<>();
    for (HeldPart part : snapshot.parts()) {
      if (!TableParts.isRun(part)) {
        all.add(part.part().info());
      }
    }
    quarantine.parts().stream().filter(QuarantinedPart::lost).forEach(lost -> all.add(lost.part()));
    if (only.isEmpty()) {
      return all;
    }
    return List.of(
        all.stream()
            .filter(part -> PartName.means(part, only.get()))
            .findFirst()
            .orElseThrow(() ->
                new VarveException(
                    ErrorCode.BAD_ARGUMENTS,
                    "table "
                        + table.definition().name()
                        + " has no part \""
                        + only.get()
                        + "\""
                        + NearNames.suggest(only.get(), all.stream().map(PartName::of).toList()))));
  }

  private PartCheck check(PartInfo part, PartFiles.Damage damage) {
    PartVerifier.Expected expected =
        new PartVerifier.Expected(Optional.of(part), table.rule().collapsesKeys());
    PartVerifier.Report report = PartVerifier.verify(context.files().of(part), expected);
    if (report.isDamaged()) {
      PartVerifier.Problem first = report.problems().getFirst();
      damage.found(part, new VarveException(ErrorCode.CORRUPTED_DATA, first.message()));
    }
    return new PartCheck(part, report.problems());
  }
}
