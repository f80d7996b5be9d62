// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.test.Randomized;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SortTest {
  private static final List<DataType> TYPES =
      List.of(DataTypes.parse("Nullable(String)"), DataTypes.parse("Nullable(Int32)"));

  @TempDir Path directory;

  @Randomized(times = 60)
  void sortsAsAComparatorDoes(RandomGenerator random) {
    checkSorted(random, Plans::rows);
  }

  @Randomized(times = 60)
  void runsOnDiskMergeIntoTheSameOrder(RandomGenerator random) {
    QueryMemory.Thresholds everyBatch = new QueryMemory.Thresholds(1, 1, 1);
    checkSorted(
        random,
        // The empty plan gives nothing to write.
        plan ->
            Plans.rows(plan.input()).isEmpty()
                ? Plans.rows(plan)
                : Plans.spilled(plan, 64 << 20, everyBatch, directory));
  }

  @Test
  void aSortBeyondItsMemoryMergesRunsInRounds() {
    Operator plan =
        new Sort(new Numbers(0, 2_000_000, 1), List.of(new SortKey(0, true, true)), 1_990_000, -1);

    List<List<Object>> rows =
        Plans.spilled(plan, 12 << 20, new QueryMemory.Thresholds(1 << 20, 0, 0), directory);

    assertThat(rows).hasSize(10_000);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i)).containsExactly(BigInteger.valueOf(9_999 - i));
    }
  }

  private static void checkSorted(
      RandomGenerator random, Function<Sort, List<List<Object>>> runner) {
    List<List<Object>> rows = new ArrayList<>();
    int count = random.nextInt(500);
    for (int i = 0; i < count; i++) {
      Object text = random.nextInt(8) == 0 ? null : "a common beginning " + random.nextInt(20);
      Object number = random.nextInt(8) == 0 ? null : (Object) (long) random.nextInt(-50, 50);
      rows.add(Plans.row(text, number));
    }
    SortKey first = new SortKey(0, random.nextBoolean(), random.nextBoolean());
    SortKey second = new SortKey(1, random.nextBoolean(), random.nextBoolean());
    long offset = random.nextInt(20);
    long limit = random.nextBoolean() ? -1 : 1 + random.nextInt(100);

    List<List<Object>> sorted =
        runner.apply(new Sort(Plans.spread(TYPES, rows), List.of(first, second), offset, limit));

    List<List<Object>> wanted = new ArrayList<>(rows);
    wanted.sort(comparator(first).thenComparing(comparator(second)));
    int from = (int) Math.min(offset, wanted.size());
    int to = limit < 0 ? wanted.size() : (int) Math.min(wanted.size(), from + limit);
    assertThat(sorted).isEqualTo(wanted.subList(from, to));
  }

  @SuppressWarnings("unchecked")
  private static Comparator<List<Object>> comparator(SortKey key) {
    Comparator<Object> values = (a, b) -> ((Comparable<Object>) a).compareTo(b);
    Comparator<Object> directed = key.descending() ? values.reversed() : values;
    Comparator<Object> whole =
        key.nullsFirst() ? Comparator.nullsFirst(directed) : Comparator.nullsLast(directed);
    return Comparator.comparing(row -> row.get(key.column()), whole);
  }

  @Test
  void aSmallLimitKeepsOnlyWhatMayStillBeFirst() {
    Operator plan =
        new Sort(new Numbers(0, 3_000_000, 1), List.of(new SortKey(0, true, true)), 2, 3);

    // All rows would need 24 MB, and as much again to sort them.
    assertThat(Plans.rows(plan, 20 << 20))
        .containsExactly(
            Plans.row(BigInteger.valueOf(2_999_997)),
            Plans.row(BigInteger.valueOf(2_999_996)),
            Plans.row(BigInteger.valueOf(2_999_995)));
  }

  @Randomized(times = 30)
  void windowsInPiecesOfPartitionsAreTheSame(RandomGenerator random) {
    List<List<Object>> rows = someRows(random);
    Operator sorted =
        new Sort(
            Plans.spread(TYPES, rows),
            List.of(new SortKey(0, false, true), new SortKey(1, false, true)),
            0,
            -1);
    Operator plan =
        new Window(
            sorted,
            random.nextInt(4) == 0 ? List.of() : List.of(0),
            List.of(new SortKey(1, false, true)),
            List.of(
                new WindowCall.Rank(WindowCall.Rank.Kind.ROW_NUMBER),
                new WindowCall.Rank(WindowCall.Rank.Kind.CUME_DIST)));

    assertThat(Plans.spilled(plan, 64 << 20, new QueryMemory.Thresholds(1, 1, 1), directory))
        .isEqualTo(Plans.rows(plan));
  }

  @Test
  void limitAndOffsetCutAcrossBatches() {
    assertThat(Plans.rows(new Limit(new Numbers(0, 20_000, 1), 8190, 4)))
        .containsExactly(
            Plans.row(BigInteger.valueOf(8190)),
            Plans.row(BigInteger.valueOf(8191)),
            Plans.row(BigInteger.valueOf(8192)),
            Plans.row(BigInteger.valueOf(8193)));
  }

  @Randomized(times = 30)
  void setOperationsOnDiskAreTheSame(RandomGenerator random) {
    List<List<Object>> left = someRows(random);
    List<List<Object>> right = someRows(random);
    for (SetOperation.Kind kind : SetOperation.Kind.values()) {
      for (boolean all : new boolean[] {false, true}) {
        Operator plan =
            new SetOperation(Plans.spread(TYPES, left), Plans.spread(TYPES, right), kind, all);
        assertThat(Plans.spilled(plan, 64 << 20, new QueryMemory.Thresholds(1, 1, 1), directory))
            .containsExactlyInAnyOrderElementsOf(Plans.rows(plan));
      }
    }
  }

  private static List<List<Object>> someRows(RandomGenerator random) {
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 1 + random.nextInt(400); i > 0; i--) {
      Object number = random.nextInt(8) == 0 ? null : (Object) (long) random.nextInt(9);
      rows.add(Plans.row("t" + random.nextInt(5), number));
    }
    return rows;
  }

  @Test
  void setOperationsCountRowsAndTakeNullAsEqual() {
    List<DataType> types = List.of(DataTypes.parse("Nullable(Int32)"));
    Operator left =
        new Values(
            types, List.of(Plans.row(1L), Plans.row(1L), Plans.row((Object) null), Plans.row(2L)));
    Operator right = new Values(types, List.of(Plans.row(1L), Plans.row((Object) null)));

    assertThat(Plans.rows(new SetOperation(left, right, SetOperation.Kind.INTERSECT, false)))
        .containsExactlyInAnyOrder(Plans.row(1L), Plans.row((Object) null));
    assertThat(Plans.rows(new SetOperation(left, right, SetOperation.Kind.EXCEPT, true)))
        .containsExactlyInAnyOrder(Plans.row(1L), Plans.row(2L));
  }
}
