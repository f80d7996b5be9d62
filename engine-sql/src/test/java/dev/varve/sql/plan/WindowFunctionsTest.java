// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.test.Randomized;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WindowFunctionsTest {
  private final QueryRunner sql = new QueryRunner();

  @AfterEach
  void close() {
    sql.close();
  }

  private record Row(long id, long part, long value) {}

  @Test
  void ranksTellPeersFromNeighbours() {
    assertThat(
            sql.rows(
                "SELECT number, row_number() OVER w, rank() OVER w, dense_rank() OVER w"
                    + " FROM numbers(5) WINDOW w AS (ORDER BY intDiv(number, 2)) ORDER BY number"))
        .hasSize(5)
        .extracting(row -> row.substring(row.indexOf('\t', row.indexOf('\t') + 1) + 1))
        .containsExactly("1\t1", "1\t1", "3\t2", "3\t2", "5\t3");
  }

  @Test
  void theFirstRowsOfEachGroupAreKept() {
    assertThat(sql.rows("SELECT number FROM numbers(10) ORDER BY number LIMIT 2 BY number % 3"))
        .containsExactly("0", "1", "2", "3", "4", "5");
    assertThat(
            sql.rows(
                "SELECT number FROM numbers(10) QUALIFY"
                    + " row_number() OVER (PARTITION BY number % 3 ORDER BY number DESC) = 1"
                    + " ORDER BY number"))
        .containsExactly("7", "8", "9");
  }

  @Randomized(times = 20)
  void framesGiveWhatAPlainLoopGives(RandomGenerator random) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      rows.add(new Row(i, random.nextInt(4), random.nextInt(20)));
    }
    List<?>[] table =
        rows.stream().map(r -> List.of(r.id(), r.part(), r.value())).toArray(List[]::new);
    sql.table("r", "id Int64, part Int64, amount Int64", table);
    int before = random.nextInt(3);
    int after = random.nextInt(3);
    String query =
        "SELECT id, sum(amount) OVER (PARTITION BY part ORDER BY id ROWS BETWEEN "
            + before
            + " PRECEDING AND "
            + after
            + " FOLLOWING), sum(amount) OVER (PARTITION BY part ORDER BY amount),"
            + " lag(amount) OVER (PARTITION BY part ORDER BY id) FROM r ORDER BY id";
    assertThat(sql.rows(query)).isEqualTo(model(rows, before, after));
  }

  private static List<String> model(List<Row> rows, int before, int after) {
    List<String> expected = new ArrayList<>();
    for (Row row : rows) {
      List<Row> part =
          rows.stream()
              .filter(r -> r.part() == row.part())
              .sorted(Comparator.comparingLong(Row::id))
              .toList();
      int at = part.indexOf(row);
      long sliding = 0;
      for (int i = Math.max(0, at - before); i <= Math.min(part.size() - 1, at + after); i++) {
        sliding += part.get(i).value();
      }
      long growing =
          part.stream().filter(r -> r.value() <= row.value()).mapToLong(Row::value).sum();
      String lag = at == 0 ? "null" : String.valueOf(part.get(at - 1).value());
      expected.add(row.id() + "\t" + sliding + "\t" + growing + "\t" + lag);
    }
    return expected;
  }
}
