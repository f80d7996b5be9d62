// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.storage.column.ColumnDefinition;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;

/// Versions tie and come late, tombstones come first, last and again.
final class ReplacingMergeTest {
  abstract static class Replacing extends MergeRuleContract {
    @Override
    String engine() {
      return "ReplacingMergeTree";
    }

    @Override
    Object value(ColumnDefinition column, RandomGenerator random) {
      return switch (column.name()) {
        case "version" -> (long) random.nextInt(4);
        case "deleted" -> (long) (random.nextInt(4) / 3);
        default -> random.nextInt(5) == 0 ? null : "value " + random.nextInt(1000);
      };
    }
  }

  @Nested
  final class WithoutVersionTest extends Replacing {
    @Override
    List<String> arguments() {
      return List.of();
    }

    @Override
    List<ColumnDefinition> values(RandomGenerator random) {
      return List.of(column("v", "Nullable(String)"));
    }

    @Override
    List<Map<String, Object>> model(List<HistoryRow> rows) {
      return List.of(rows.getLast().values());
    }
  }

  @Nested
  final class WithVersionTest extends Replacing {
    @Override
    List<String> arguments() {
      return List.of("version");
    }

    @Override
    List<ColumnDefinition> values(RandomGenerator random) {
      String version = List.of("UInt64", "Int8", "Date32").get(random.nextInt(2));
      return List.of(column("version", version), column("v", "Nullable(String)"));
    }

    @Override
    List<Map<String, Object>> model(List<HistoryRow> rows) {
      return List.of(latestVersion(rows).values());
    }
  }

  @Nested
  final class WithTombstonesTest extends Replacing {
    @Override
    List<String> arguments() {
      return List.of("version", "deleted");
    }

    @Override
    List<ColumnDefinition> values(RandomGenerator random) {
      return List.of(
          column("version", "UInt32"), column("deleted", "UInt8"), column("v", "Nullable(String)"));
    }

    @Override
    List<Map<String, Object>> model(List<HistoryRow> rows) {
      HistoryRow latest = latestVersion(rows);
      return latest.number("deleted") != 0 ? List.of() : List.of(latest.values());
    }
  }

  private static HistoryRow latestVersion(List<HistoryRow> rows) {
    HistoryRow latest = rows.getFirst();
    for (HistoryRow row : rows) {
      if (row.number("version") >= latest.number("version")) {
        latest = row;
      }
    }
    return latest;
  }
}
