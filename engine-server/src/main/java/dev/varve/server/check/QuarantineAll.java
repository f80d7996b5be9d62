// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.check;

import dev.varve.storage.part.PartInfo;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.LocalCatalog;
import dev.varve.storage.table.Quarantine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tells the manifest of the damaged parts that a check found.
public final class QuarantineAll {
  private QuarantineAll() {}

  /// @return the parts that are new in quarantine
  /// @throws dev.varve.storage.error.VarveException CORRUPTED_DATA if the manifest itself is
  ///   damaged
  public static List<String> of(Path data, CheckReport report) {
    List<String> names = new ArrayList<>();
    try (LocalCatalog catalog = LocalCatalog.open(data)) {
      CatalogChange.Builder change = CatalogChange.builder();
      long now = System.currentTimeMillis();
      for (CatalogTable table : catalog.state().tables().values()) {
        for (PartInfo part : table.parts().values()) {
          Optional<Finding> damage =
              table.quarantined().containsKey(part.id())
                  ? Optional.empty()
                  : damageOf(table, part, report);
          damage.ifPresent(finding -> {
            Quarantine why = new Quarantine(finding.message(), now);
            change.add(new Operation.QuarantinePart(table.id(), part.id(), why));
            names.add(table.definition().name() + " " + part.name());
          });
        }
      }
      if (!change.isEmpty()) {
        catalog.commit(change.build());
      }
    }
    return names;
  }

  private static Optional<Finding> damageOf(CatalogTable table, PartInfo part, CheckReport report) {
    return report.findings().stream()
        .filter(finding -> finding.kind() == Finding.Kind.DAMAGED)
        .filter(finding -> finding.table().equals(table.definition().name().toString()))
        .filter(finding -> finding.part().equals(part.name()))
        .findFirst();
  }
}
