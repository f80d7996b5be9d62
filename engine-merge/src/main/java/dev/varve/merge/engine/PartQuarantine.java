// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.merge.read.UnreadablePart;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.DiskPart;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartName;
import dev.varve.storage.table.CatalogChange;
import dev.varve.storage.table.CatalogChange.Operation;
import dev.varve.storage.table.CatalogTable;
import dev.varve.storage.table.HeldPart;
import dev.varve.storage.table.Quarantine;
import dev.varve.storage.table.TableName;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The damaged parts of a table. Safe for threads.
///
/// A part comes here at the moment a reader meets damage in it, and the manifest is told. It stays
/// a part of the table: nobody may take its rows for gone but whoever says so. A merge that had
/// read it whole before may still replace it; then it leaves with all parts that the merge
/// replaced.
final class PartQuarantine {
  private final Supplier<TableName> table;
  private final EngineContext context;
  private final Map<Long, QuarantinedPart> parts = new ConcurrentHashMap<>();

  PartQuarantine(Supplier<TableName> table, EngineContext context) {
    this.table = table;
    this.context = context;
  }

  List<QuarantinedPart> parts() {
    return parts.values().stream().sorted(Comparator.comparingLong(q -> q.part().id())).toList();
  }

  /// @throws VarveException CORRUPTED_DATA if a part is here: what must see every row cannot go on
  void refuseIfAny() {
    List<QuarantinedPart> known = parts();
    if (!known.isEmpty()) {
      throw refusal(known.getFirst());
    }
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  boolean holds(HeldPart part) {
    return parts.containsKey(part.id());
  }

  Optional<QuarantinedPart> find(String name) {
    return parts.values().stream().filter(part -> PartName.means(part.part(), name)).findFirst();
  }

  /// Whether a part is here of which not even the range of keys is known.
  boolean hasLost() {
    return parts.values().stream().anyMatch(QuarantinedPart::lost);
  }

  /// Opens a part of the table; one that cannot be opened comes here, with the reason.
  ///
  /// @param known why it is here already, if it is
  Optional<HeldPart> open(PartInfo info, CatalogTable.Deletes deletes, Optional<Quarantine> known) {
    try {
      HeldPart opened = context.files().open(info, deletes);
      known.ifPresent(why -> add(info, why, true, false));
      return Optional.of(opened);
    } catch (VarveException found) {
      if (known.isPresent()) {
        add(info, known.get(), true, true);
      } else if (DiskPart.isDamage(found) && Files.exists(context.files().of(info))) {
        report(info, found, true);
      } else {
        // Not there, or the system cannot read it: that may be put right without our knowing.
        long now = context.clock().millis();
        add(info, new Quarantine(found.getMessage(), now), false, true);
      }
      return Optional.empty();
    }
  }

  private void add(PartInfo info, Quarantine why, boolean kept, boolean lost) {
    parts.put(info.id(), new QuarantinedPart(info, why, kept, lost));
  }

  /// Takes in a part that a reader found damaged, and tells the manifest.
  ///
  /// @param lost whether the part could not be opened at all
  /// @return whether it is new here
  boolean report(PartInfo info, VarveException found, boolean lost) {
    Quarantine why = new Quarantine(found.getMessage(), context.clock().millis());
    if (parts.putIfAbsent(info.id(), new QuarantinedPart(info, why, false, lost)) != null) {
      return false;
    }
    try {
      context
          .catalog()
          .commit(CatalogChange.of(new Operation.QuarantinePart(info.table(), info.id(), why)));
      parts.computeIfPresent(
          info.id(), (_, part) -> new QuarantinedPart(info, why, true, part.lost()));
    } catch (IllegalStateException notActive) {
      parts.remove(info.id()); // a merge that had read it whole replaced it just now
    } catch (VarveException refused) {
      if (refused.code() == ErrorCode.UNKNOWN_TABLE) {
        parts.remove(info.id());
      }
      // Else the manifest cannot be written now. Here it stays in quarantine all the same, and
      // after a restart the first reader finds the damage again.
      found.addSuppressed(refused);
    }
    return true;
  }

  /// Parts that the table has no more.
  void forget(Collection<HeldPart> gone) {
    gone.forEach(part -> parts.remove(part.id()));
  }

  void forget(QuarantinedPart gone) {
    parts.remove(gone.part().id());
  }

  /// Stand-ins for the parts here.
  ///
  /// @param active the parts whose bounds are known
  List<UnreadablePart> unreadable(Collection<HeldPart> active) {
    return parts().stream()
        .map(part ->
            new UnreadablePart(
                part.part(),
                active.stream()
                    .filter(held -> held.id() == part.part().id())
                    .map(HeldPart::part)
                    .findFirst(),
                refusal(part)))
        .toList();
  }

  /// What is thrown where a part was just found damaged.
  VarveException told(PartInfo info, VarveException found) {
    QuarantinedPart part = parts.get(info.id());
    return part == null ? found : new VarveException(found.code(), text(part), found);
  }

  private VarveException refusal(QuarantinedPart part) {
    return new VarveException(ErrorCode.CORRUPTED_DATA, text(part));
  }

  private String text(QuarantinedPart quarantined) {
    PartInfo part = quarantined.part();
    String on = "'" + PartName.of(part) + "' ON " + table.get();
    return "table "
        + table.get()
        + ": "
        + PartName.of(part)
        + " (partition "
        + part.partition()
        + ", "
        + part.rows()
        + " rows) is in quarantine since "
        + Instant.ofEpochMilli(quarantined.why().sinceMillis())
        + ": "
        + quarantined.why().reason()
        + ". Once its files in "
        + context.files().of(part)
        + " are repaired: SYSTEM RESTORE QUARANTINED PART "
        + on
        + "; or read without its rows (SET skip_quarantined_parts = 1), or give them up (SYSTEM"
        + " DROP QUARANTINED PART "
        + on
        + ")";
  }
}
