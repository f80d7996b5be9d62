// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SharedTest {
  private static final int ROWS = 150_000;

  @TempDir Path directory;

  private static Operator twice() {
    Shared shared = new Shared(new Numbers(0, ROWS, 1));
    return new UnionAll(List.of(shared, shared));
  }

  @Test
  void rowsThatDoNotFitGoToDiskAndAreReadByEachPlace() {
    List<List<Object>> rows =
        Plans.spilled(twice(), 6 << 20, QueryMemory.Thresholds.BY_LIMIT, directory);

    Map<Object, Integer> times = new HashMap<>();
    rows.forEach(row -> times.merge(row.getFirst(), 1, Integer::sum));
    assertThat(times).hasSize(ROWS).containsEntry(BigInteger.valueOf(ROWS - 1), 2);
    assertThat(times.values()).containsOnly(2);
  }

  @Test
  void rowsThatMayNotGoToDiskAreRefusedBeforeTheyTakeMore() {
    assertThatThrownBy(() -> Plans.rows(twice(), 1 << 20))
        .isInstanceOfSatisfying(
            VarveException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_LIMIT_EXCEEDED))
        .hasMessageContaining("Shared");
  }
}
