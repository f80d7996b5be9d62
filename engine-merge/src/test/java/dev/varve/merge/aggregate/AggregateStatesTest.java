// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.aggregate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataTypes;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class AggregateStatesTest {
  abstract static class OfNullableLongs extends AggregateStateContract {
    @Override
    List<String> argumentTypes() {
      return List.of("Nullable(Int64)");
    }

    @Override
    List<Object> row(RandomGenerator random) {
      return Arrays.asList(random.nextInt(5) == 0 ? null : (Object) (long) random.nextInt(-20, 20));
    }

    static List<Long> present(List<List<Object>> rows) {
      return rows.stream().map(r -> (Long) r.getFirst()).filter(Objects::nonNull).toList();
    }
  }

  @Nested
  final class CountTest extends OfNullableLongs {
    @Override
    String function() {
      return "count";
    }

    @Override
    Object model(List<List<Object>> rows) {
      return BigInteger.valueOf(present(rows).size());
    }
  }

  @Nested
  final class SumTest extends OfNullableLongs {
    @Override
    String function() {
      return "sum";
    }

    @Override
    List<Object> row(RandomGenerator random) {
      return List.of(random.nextInt(4) == 0 ? Long.MAX_VALUE - 3 : random.nextLong(100) - 50);
    }

    @Override
    Object model(List<List<Object>> rows) {
      return rows.isEmpty() ? null : present(rows).stream().mapToLong(v -> v).sum();
    }
  }

  @Nested
  final class DecimalSumTest extends AggregateStateContract {
    @Override
    String function() {
      return "sum";
    }

    @Override
    List<String> argumentTypes() {
      return List.of("Decimal(20, 3)");
    }

    @Override
    List<Object> row(RandomGenerator random) {
      return List.of(BigDecimal.valueOf(random.nextLong(), 3));
    }

    @Override
    Object model(List<List<Object>> rows) {
      return rows.stream()
          .map(r -> (BigDecimal) r.getFirst())
          .reduce(BigDecimal.valueOf(0, 3), BigDecimal::add);
    }
  }

  @Nested
  final class FloatAverageTest extends AggregateStateContract {
    @Override
    String function() {
      return "avg";
    }

    @Override
    List<String> argumentTypes() {
      return List.of("Float64");
    }

    @Override
    List<Object> row(RandomGenerator random) {
      return List.of(random.nextDouble() * 1e6);
    }

    @Override
    Object model(List<List<Object>> rows) {
      return rows.stream().mapToDouble(r -> (Double) r.getFirst()).average().orElse(Double.NaN);
    }

    @Override
    boolean isSame(Object actual, Object expected) {
      double difference = Math.abs((Double) actual - (Double) expected);
      return actual.equals(expected) || difference <= 1e-12 * Math.abs((Double) expected);
    }
  }

  @Nested
  final class MinTest extends OfNullableLongs {
    @Override
    String function() {
      return "min";
    }

    @Override
    Object model(List<List<Object>> rows) {
      return present(rows).stream().min(Long::compare).orElse(null);
    }
  }

  @Nested
  final class MaxOfTextTest extends AggregateStateContract {
    @Override
    String function() {
      return "max";
    }

    @Override
    List<String> argumentTypes() {
      return List.of("String");
    }

    @Override
    List<Object> row(RandomGenerator random) {
      return List.of("text".substring(0, random.nextInt(5)) + random.nextInt(30));
    }

    @Override
    Object model(List<List<Object>> rows) {
      return rows.stream().map(r -> (String) r.getFirst()).max(String::compareTo).orElse("");
    }
  }

  @Nested
  final class AnyTest extends OfNullableLongs {
    @Override
    String function() {
      return "any";
    }

    @Override
    boolean ignoresOrder() {
      return false;
    }

    @Override
    Object model(List<List<Object>> rows) {
      return present(rows).isEmpty() ? null : present(rows).getFirst();
    }
  }

  @Nested
  final class AnyLastTest extends OfNullableLongs {
    @Override
    String function() {
      return "anyLast";
    }

    @Override
    boolean ignoresOrder() {
      return false;
    }

    @Override
    Object model(List<List<Object>> rows) {
      return present(rows).isEmpty() ? null : present(rows).getLast();
    }
  }

  @Nested
  final class ArgMaxTest extends AggregateStateContract {
    @Override
    String function() {
      return "argMax";
    }

    @Override
    List<String> argumentTypes() {
      return List.of("String", "Nullable(UInt8)");
    }

    @Override
    List<Object> row(RandomGenerator random) {
      return Arrays.asList(
          "v" + random.nextInt(5),
          random.nextInt(5) == 0 ? null : (Object) (long) random.nextInt(4));
    }

    @Override
    Object model(List<List<Object>> rows) {
      List<Object> best = null;
      for (List<Object> row : rows) {
        if (row.get(1) == null) {
          continue;
        }
        int order = best == null ? 1 : Long.compare((Long) row.get(1), (Long) best.get(1));
        boolean lesser = best != null && ((String) row.get(0)).compareTo((String) best.get(0)) < 0;
        best = order > 0 || (order == 0 && lesser) ? row : best;
      }
      return best == null ? null : best.getFirst();
    }
  }

  @Nested
  final class UniqExactTest extends OfNullableLongs {
    @Override
    String function() {
      return "uniqExact";
    }

    @Override
    Object model(List<List<Object>> rows) {
      return BigInteger.valueOf(new HashSet<>(present(rows)).size());
    }
  }

  @Nested
  final class UniqTest extends OfNullableLongs {
    @Override
    String function() {
      return "uniq";
    }

    @Override
    int rows(RandomGenerator random) {
      return random.nextInt(10) == 0 ? 60_000 : random.nextInt(100);
    }

    @Override
    List<Object> row(RandomGenerator random) {
      return List.of((long) random.nextInt(100_000));
    }

    @Override
    Object model(List<List<Object>> rows) {
      return BigInteger.valueOf(new HashSet<>(present(rows)).size());
    }

    @Override
    boolean isSame(Object actual, Object expected) {
      double wanted = ((BigInteger) expected).doubleValue();
      return Math.abs(((BigInteger) actual).doubleValue() - wanted) <= 0.06 * wanted;
    }
  }

  @Nested
  final class GroupUniqArrayTest extends OfNullableLongs {
    @Override
    String function() {
      return "groupUniqArray";
    }

    @Override
    Object model(List<List<Object>> rows) {
      return new ArrayList<>(new TreeSet<>(present(rows)));
    }
  }

  @Nested
  final class GroupArrayTest extends OfNullableLongs {
    @Override
    String function() {
      return "groupArray";
    }

    @Override
    List<String> parameters() {
      return List.of("20");
    }

    @Override
    boolean ignoresOrder() {
      return false;
    }

    @Override
    Object model(List<List<Object>> rows) {
      return present(rows).stream().limit(20).toList();
    }
  }

  @Nested
  final class QuantilesTest extends AggregateStateContract {
    @Override
    String function() {
      return "quantiles";
    }

    @Override
    List<String> parameters() {
      return List.of("0", "0.25", "0.5", "0.99", "1");
    }

    @Override
    List<String> argumentTypes() {
      return List.of("Float64");
    }

    @Override
    int rows(RandomGenerator random) {
      return 1 + random.nextInt(random.nextInt(10) == 0 ? 20_000 : 300);
    }

    @Override
    List<Object> row(RandomGenerator random) {
      return List.of(Math.exp(random.nextDouble() * 20 - 10) * (random.nextBoolean() ? 1 : -1));
    }

    @Override
    Object model(List<List<Object>> rows) {
      double[] sorted = rows.stream().mapToDouble(r -> (Double) r.getFirst()).sorted().toArray();
      List<Object> quantiles = new ArrayList<>();
      for (String level : parameters()) {
        double place = Double.parseDouble(level) * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(sorted.length - 1, below + 1);
        double share = sorted.length > 4096 ? 0 : place - below;
        quantiles.add(sorted[below] * (1 - share) + sorted[above] * share);
      }
      return quantiles;
    }

    @Override
    boolean isSame(Object actual, Object expected) {
      List<?> found = (List<?>) actual;
      List<?> wanted = (List<?>) expected;
      for (int i = 0; i < wanted.size(); i++) {
        double value = (Double) wanted.get(i);
        if (Math.abs((Double) found.get(i) - value) > 0.0051 * Math.abs(value) + 1e-9) {
          return false;
        }
      }
      return found.size() == wanted.size();
    }
  }

  @Nested
  final class DeviationTest extends OfNullableLongs {
    @Override
    String function() {
      return "stddevPop";
    }

    @Override
    Object model(List<List<Object>> rows) {
      List<Long> values = present(rows);
      if (values.isEmpty()) {
        return null;
      }
      double mean = values.stream().mapToLong(v -> v).average().orElseThrow();
      return Math.sqrt(
          values.stream().mapToDouble(v -> (v - mean) * (v - mean)).average().orElseThrow());
    }

    @Override
    boolean isSame(Object actual, Object expected) {
      return Objects.equals(actual, expected)
          || Math.abs((Double) actual - (Double) expected) < 1e-9;
    }
  }

  @Test
  void bytesThatAreNoStateAreRefusedWithTheFunctionsName() {
    AggregateState state =
        AggregateStates.of("sum", List.of(), List.of(DataTypes.INT64)).newState();
    for (byte[] bytes : List.of(new byte[] {9}, new byte[] {1, 3}, new byte[] {1, 1, 1, 0, 7})) {
      assertThatThrownBy(() -> state.merge(MemorySegment.ofArray(bytes)))
          .isInstanceOf(VarveException.class)
          .hasMessageContaining("not a state of sum")
          .extracting(e -> ((VarveException) e).code())
          .isEqualTo(ErrorCode.INCORRECT_DATA);
    }
  }

  @Test
  void anUnknownFunctionComesWithANearName() {
    assertThatThrownBy(() -> AggregateStates.of("uniqExcat", List.of(), List.of(DataTypes.INT64)))
        .hasMessageContaining("did you mean \"uniqExact\"?");
  }
}
