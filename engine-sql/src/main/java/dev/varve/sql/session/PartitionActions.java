// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.engine.TableKept;
import dev.varve.sql.parse.AlterAction;
import dev.varve.sql.parse.Statement;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartName;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Actions of ALTER TABLE on whole parts. A partition that has no parts is no error; a part that is
/// not there is one.
final class PartitionActions {
  private final EngineParts parts;
  private final MergeTable table;
  private final TableKept kept;

  PartitionActions(EngineParts parts, MergeTable table) {
    this.parts = parts;
    this.table = table;
    this.kept = table.kept();
  }

  void detach(Statement.Partition partition) {
    requirePart(kept.detach(wanted(partition)), partition, active(), "part");
  }

  void attach(Statement.Partition partition) {
    requirePart(kept.attach(wanted(partition)), partition, detached(), "detached part");
  }

  void dropDetached(Statement.Partition partition) {
    requirePart(kept.dropDetached(wanted(partition)), partition, detached(), "detached part");
  }

  void copy(AlterAction.CopyPartition copy, MergeTable from) {
    refusePart(copy.partition());
    kept.copyFrom(from, wanted(copy.partition()), copy.replaces());
  }

  void move(Statement.Partition partition, MergeTable to) {
    refusePart(partition);
    kept.moveTo(to, wanted(partition));
  }

  void freeze(AlterAction.Freeze freeze) {
    Predicate<PartInfo> wanted = freeze.partition().map(this::wanted).orElse(_ -> true);
    if (freeze.undo()) {
      kept.unfreeze(freeze.name(), wanted);
    } else {
      kept.freeze(freeze.name(), wanted);
    }
  }

  private Predicate<PartInfo> wanted(Statement.Partition partition) {
    if (partition.kind() == Statement.Partition.Kind.PART) {
      String name = partition.text();
      return part -> PartName.means(part, name);
    }
    Optional<String> id = new PartitionText(parts, table).id(partition);
    return part -> id.isEmpty() || PartName.isOf(part, id.get());
  }

  private List<String> active() {
    return table.parts().stream().map(part -> PartName.of(part.info())).toList();
  }

  private List<String> detached() {
    return kept.detached().stream().map(part -> PartName.of(part.info())).toList();
  }

  private void requirePart(
      int found, Statement.Partition partition, List<String> known, String what) {
    if (found == 0 && partition.kind() == Statement.Partition.Kind.PART) {
      throw new VarveException(
          ErrorCode.NO_SUCH_DATA_PART,
          "table "
              + table.definition().name()
              + " has no "
              + what
              + " \""
              + partition.text()
              + "\""
              + NearNames.suggest(partition.text(), known));
    }
  }

  private static void refusePart(Statement.Partition partition) {
    if (partition.kind() == Statement.Partition.Kind.PART) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "parts go between tables by whole partitions: name a PARTITION instead of a PART");
    }
  }
}
