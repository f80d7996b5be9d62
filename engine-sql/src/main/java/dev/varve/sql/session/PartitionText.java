// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.engine.PartitionValues;
import dev.varve.sql.parse.ParameterValues;
import dev.varve.sql.parse.Statement;
import dev.varve.sql.parse.StatementParser;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.PartName;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a statement calls a partition: `'2024-01-31'`, `202401`, `(1, 'a')`, `tuple()`, `ID
/// '202401'`.
final class PartitionText {
  private final EngineParts parts;
  private final MergeTable table;

  PartitionText(EngineParts parts, MergeTable table) {
    this.parts = parts;
    this.table = table;
  }

  /// The partition's id; empty for ALL.
  Optional<String> id(Statement.Partition partition) {
    return switch (partition.kind()) {
      case ALL -> Optional.empty();
      case ID, PART -> Optional.of(partition.text());
      case VALUE -> Optional.of(PartName.partitionId(value(partition.text())));
    };
  }

  /// Drops a partition, all of them, or one part.
  void drop(Statement.Partition partition) {
    if (partition.kind() != Statement.Partition.Kind.PART) {
      Optional<String> id = id(partition);
      table.dropParts(part -> id.isEmpty() || PartName.isOf(part, id.get()));
      return;
    }
    boolean found = table.dropParts(part -> PartName.means(part, partition.text()));
    if (!found) {
      throw new VarveException(
          ErrorCode.NO_SUCH_DATA_PART,
          "table "
              + table.definition().name()
              + " has no part \""
              + partition.text()
              + "\""
              + NearNames.suggest(
                  partition.text(),
                  table.parts().stream().map(part -> PartName.of(part.info())).toList()));
    }
  }

  /// The value as parts have it: `2024-01-31`, `202401`, `(1,'a')`, `all`.
  private String value(String written) {
    List<String> pieces = pieces(written.strip());
    List<DataType> types = table.partitionTypes();
    if (types.isEmpty() && (pieces.isEmpty() || pieces.equals(List.of("'all'")))) {
      return "all";
    }
    if (pieces.size() != types.size()) {
      throw new VarveException(
          ErrorCode.UNKNOWN_PARTITION,
          "a partition of table "
              + table.definition().name()
              + (types.isEmpty()
                  ? " is tuple(), as it has no partition key; found "
                  : " has " + types.size() + " values, found ")
              + written.strip());
    }
    try (Scratch scratch = new Scratch(parts.allocator())) {
      List<Vector> key = new ArrayList<>();
      for (int i = 0; i < types.size(); i++) {
        key.add(constant(pieces.get(i), types.get(i), scratch));
      }
      return PartitionValues.text(key, 0);
    }
  }

  private Vector constant(String expression, DataType type, Scratch scratch) {
    String cast = "CAST((" + expression + ") AS " + type.name() + ")";
    return parts
        .compiler()
        .constant(cast, ParameterValues.NONE)
        .expression()
        .evaluate(new Batch(1, List.of()), scratch);
  }

  private static List<String> pieces(String text) {
    String list = text.regionMatches(true, 0, "tuple", 0, 5) ? text.substring(5).strip() : text;
    return list.startsWith("(") && list.endsWith(")")
        ? StatementParser.splitList(list)
        : List.of(list);
  }
}
