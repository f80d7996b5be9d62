// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.rewrite;

import dev.varve.storage.column.ColumnDefinition;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;

/// Signs come in any order and number: nobody keeps the contract here.
final class CollapsingMergeTest {
  abstract static class Signed extends MergeRuleContract {
    @Override
    Object value(ColumnDefinition column, RandomGenerator random) {
      return switch (column.name()) {
        case "sign" -> random.nextBoolean() ? 1L : -1L;
        case "version" -> (long) random.nextInt(3);
        default -> (long) random.nextInt(1000);
      };
    }

    /// Whether the order in which signs came means something.
    abstract boolean inOrder();

    /// The last plus row, if more plus than minus rows came, or, in order, as many and a plus last.
    @Override
    List<Map<String, Object>> model(List<HistoryRow> rows) {
      long net = 0;
      HistoryRow plus = null;
      for (HistoryRow row : rows) {
        net += row.number("sign");
        plus = row.number("sign") > 0 ? row : plus;
      }
      boolean endsInPlus = inOrder() && rows.getLast().number("sign") > 0;
      return net > 0 || (net == 0 && endsInPlus) ? List.of(plus.values()) : List.of();
    }
  }

  @Nested
  final class CollapsingTest extends Signed {
    @Override
    boolean inOrder() {
      return true;
    }

    @Override
    String engine() {
      return "CollapsingMergeTree";
    }

    @Override
    List<String> arguments() {
      return List.of("sign");
    }

    @Override
    List<ColumnDefinition> values(RandomGenerator random) {
      return List.of(column("sign", "Int8"), column("v", "UInt16"));
    }
  }

  @Nested
  final class VersionedCollapsingTest extends Signed {
    @Override
    boolean inOrder() {
      return false;
    }

    @Override
    String engine() {
      return "VersionedCollapsingMergeTree";
    }

    @Override
    List<String> arguments() {
      return List.of("sign", "version");
    }

    @Override
    List<ColumnDefinition> values(RandomGenerator random) {
      return List.of(column("sign", "Int8"), column("version", "UInt8"), column("v", "UInt16"));
    }
  }
}
