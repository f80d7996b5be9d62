// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.storage.column.ColumnDefinition;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;

/// Sums cross zero all the time; bytes wrap around; some sums are of NULLs alone.
final class SummingMergeTest {
  abstract static class Summing extends MergeRuleContract {
    @Override
    String engine() {
      return "SummingMergeTree";
    }

    @Override
    List<ColumnDefinition> values(RandomGenerator random) {
      return List.of(
          column("i", "Int8"),
          column("n", "Nullable(Int64)"),
          column("d", "Decimal(30, 2)"),
          column("note", "Nullable(String)"));
    }

    @Override
    Object value(ColumnDefinition column, RandomGenerator random) {
      boolean zero = random.nextInt(3) == 0;
      return switch (column.name()) {
        case "i" -> zero ? 0L : random.nextInt(20) == 0 ? 100L : random.nextInt(3) - 1L;
        case "n" -> zero ? random.nextBoolean() ? null : 0L : (Object) (random.nextInt(3) - 1L);
        case "d" -> zero ? BigDecimal.ZERO : BigDecimal.valueOf(random.nextInt(3) - 1, 2);
        default -> random.nextInt(4) == 0 ? null : "note " + random.nextInt(1000);
      };
    }

    static long wrapped(List<HistoryRow> rows, String column) {
      long sum = 0;
      for (HistoryRow row : rows) {
        sum += row.number(column);
      }
      return (byte) sum;
    }

    static Long nullable(List<HistoryRow> rows, String column) {
      Long sum = null;
      for (HistoryRow row : rows) {
        if (row.get(column) != null) {
          sum = (sum == null ? 0 : sum) + row.number(column);
        }
      }
      return sum;
    }

    static BigDecimal decimal(List<HistoryRow> rows, String column) {
      BigDecimal sum = BigDecimal.ZERO;
      for (HistoryRow row : rows) {
        sum = sum.add((BigDecimal) row.get(column));
      }
      return sum;
    }
  }

  @Nested
  final class AllNumbersTest extends Summing {
    @Override
    List<String> arguments() {
      return List.of();
    }

    @Override
    List<Map<String, Object>> model(List<HistoryRow> rows) {
      Map<String, Object> result = new LinkedHashMap<>(rows.getLast().values());
      result.put("i", wrapped(rows, "i"));
      result.put("n", nullable(rows, "n"));
      result.put("d", decimal(rows, "d"));
      boolean zero =
          wrapped(rows, "i") == 0
              && nullable(rows, "n") == null
              && decimal(rows, "d").signum() == 0;
      return zero ? List.of() : List.of(result);
    }
  }

  @Nested
  final class NamedColumnsTest extends Summing {
    @Override
    List<String> arguments() {
      return List.of("(n, d)");
    }

    @Override
    List<Map<String, Object>> model(List<HistoryRow> rows) {
      Map<String, Object> result = new LinkedHashMap<>(rows.getLast().values());
      result.put("n", nullable(rows, "n"));
      result.put("d", decimal(rows, "d"));
      boolean zero = nullable(rows, "n") == null && decimal(rows, "d").signum() == 0;
      return zero ? List.of() : List.of(result);
    }
  }

  @Nested
  final class MapsTest extends MergeRuleContract {
    @Override
    String engine() {
      return "SummingMergeTree";
    }

    @Override
    List<String> arguments() {
      return List.of();
    }

    @Override
    List<ColumnDefinition> values(RandomGenerator random) {
      return List.of(
          column("hitsMap.page", "Array(String)"),
          column("hitsMap.kindID", "Array(UInt8)"),
          column("hitsMap.n", "Array(Int8)"));
    }

    @Override
    Object value(ColumnDefinition column, RandomGenerator random) {
      return switch (column.name()) {
        case "hitsMap.page" -> List.of("p" + random.nextInt(2), "p" + random.nextInt(2));
        case "hitsMap.kindID" -> List.of((long) random.nextInt(2), (long) random.nextInt(2));
        default -> List.of(random.nextInt(200) - 100L, random.nextInt(3) - 1L);
      };
    }

    @Override
    List<Map<String, Object>> model(List<HistoryRow> rows) {
      Map<String, Object> result = new LinkedHashMap<>(rows.getLast().values());
      if (rows.size() > 1) {
        Map<String, Byte> sums = new TreeMap<>();
        for (HistoryRow row : rows) {
          for (int i = 0; i < 2; i++) {
            String key = item(row, "page", i) + " " + item(row, "kindID", i);
            byte n = ((Long) item(row, "n", i)).byteValue();
            sums.merge(key, n, (a, b) -> (byte) (a + b));
          }
        }
        sums.values().removeIf(sum -> sum == 0);
        List<String> keys = List.copyOf(sums.keySet());
        result.put("hitsMap.page", keys.stream().map(k -> (Object) k.split(" ")[0]).toList());
        result.put(
            "hitsMap.kindID",
            keys.stream().map(k -> (Object) Long.parseLong(k.split(" ")[1])).toList());
        result.put("hitsMap.n", sums.values().stream().map(n -> (Object) (long) n).toList());
      }
      return List.of(result);
    }

    private static Object item(HistoryRow row, String column, int i) {
      return ((List<?>) row.get("hitsMap." + column)).get(i);
    }
  }
}
