// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.engine.MergeTable;
import dev.varve.sql.parse.Statement;
import dev.varve.sql.parse.StatementParser;
import dev.varve.sql.parse.StringLiteral;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.PartName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a statement calls a partition: `'2024-01-31'`, `202401`, `(1, 'a')`, `tuple()`, `ID
/// '202401'`.
final class PartitionText {
  private PartitionText() {}

  /// The partition's id; empty for ALL.
  static Optional<String> id(MergeTable table, Statement.Partition partition) {
    return switch (partition.kind()) {
      case ALL -> Optional.empty();
      case ID, PART -> Optional.of(partition.text());
      case VALUE -> Optional.of(PartName.partitionId(value(partition.text())));
    };
  }

  /// Drops a partition, all of them, or one part.
  static void drop(MergeTable table, Statement.Partition partition) {
    if (partition.kind() != Statement.Partition.Kind.PART) {
      Optional<String> id = id(table, partition);
      table.dropParts(
          part -> id.isEmpty() || PartName.partitionId(part.partition()).equals(id.get()));
      return;
    }
    boolean found = table.dropParts(part -> PartName.of(part).equals(partition.text()));
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
  static String value(String written) {
    String text = written.strip();
    if (text.regionMatches(true, 0, "tuple", 0, 5)) {
      text = text.substring(5).strip();
    }
    if (text.startsWith("(") && text.endsWith(")")) {
      List<String> values = StatementParser.splitList(text);
      if (values.isEmpty()) {
        return "all";
      }
      if (values.size() == 1) {
        return value(values.getFirst());
      }
      return values.stream().map(PartitionText::quoted).collect(Collectors.joining(",", "(", ")"));
    }
    return text.startsWith("'") ? StringLiteral.value(text) : text;
  }

  private static String quoted(String piece) {
    String text = piece.strip();
    return text.startsWith("'") ? StringLiteral.of(StringLiteral.value(text)) : text;
  }
}
