// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.merge.read.TableView;
import dev.varve.merge.read.VisiblePart;
import dev.varve.sql.operator.AggregateCall;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.TableScan;
import dev.varve.sql.operator.Values;
import dev.varve.storage.column.ColumnStats;
import dev.varve.storage.part.Part;
import dev.varve.storage.type.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Answers `count`, `min`, `max`, `sum` and `avg` over a whole table from what parts keep of every
/// granule. Dead rows correct the answer: only granules that have some, and only where it matters,
/// are read.
final class MetadataAnswers {
  /// Above this share of granules with dead rows, workers reading all rows are faster than one that
  /// reads these.
  private static final int MOST_READ_SHARE = 8;

  private static final int ALWAYS_READ = 32;

  private final TableScan scan;
  private final TableView view;
  private final DirtyGranules dirty;

  private MetadataAnswers(TableScan scan, DirtyGranules dirty) {
    this.scan = scan;
    this.view = scan.view();
    this.dirty = dirty;
  }

  /// What gives the row that aggregating the input would give, if the parts know it.
  ///
  /// @param otherwise aggregates the rows
  static Optional<Operator> of(Operator input, List<AggregateCall> calls, Operator otherwise) {
    if (!(input instanceof TableScan scan)
        || !scan.conjuncts().isEmpty()
        || scan.view().parts().isEmpty()
        || !scan.view().isReadable()) {
      return Optional.empty();
    }
    boolean counts = calls.stream().allMatch(call -> call.arguments().isEmpty());
    if (counts || scan.view().parts().stream().allMatch(part -> part.dead().total() == 0)) {
      return row(scan, calls, null).map(row -> new Values(otherwise.types(), List.of(row)));
    }
    return isWorthReading(scan.view()) && calls.stream().allMatch(MetadataAnswers::isKnown)
        ? Optional.of(new CorrectedAnswers(scan, calls, otherwise))
        : Optional.empty();
  }

  private static boolean isKnown(AggregateCall call) {
    return call.filter() < 0
        && !call.distinct()
        && switch (call.function().name()) {
          case "count", "min", "max", "sum", "avg" -> true;
          default -> false;
        };
  }

  private static boolean isWorthReading(TableView view) {
    int granules = 0;
    int withDead = 0;
    for (VisiblePart visible : view.parts()) {
      granules += visible.part().granules();
      for (int g = 0; g < visible.part().granules(); g++) {
        withDead += visible.dead().count(g) > 0 ? 1 : 0;
      }
    }
    return withDead <= Math.max(ALWAYS_READ, granules / MOST_READ_SHARE);
  }

  /// The answers, if the parts know all of them.
  ///
  /// @param dirty reads granules with dead rows; null if there are none
  static Optional<List<Object>> row(
      TableScan scan, List<AggregateCall> calls, DirtyGranules dirty) {
    MetadataAnswers answers = new MetadataAnswers(scan, dirty);
    List<Object> row = new ArrayList<>();
    for (AggregateCall call : calls) {
      Object answer = call.filter() >= 0 || call.distinct() ? null : answers.answer(call);
      if (answer == null) {
        return Optional.empty();
      }
      row.add(answer);
    }
    return Optional.of(row);
  }

  private Object answer(AggregateCall call) {
    if (call.arguments().isEmpty()) {
      return call.function().name().equals("count") ? rows() : null;
    }
    if (call.arguments().size() > 1) {
      return null;
    }
    TableScan.Column column = scan.columns().get(scan.output().get(call.arguments().getFirst()));
    return switch (call.function().name()) {
      case "count" -> present(column.name());
      case "min" -> extreme(column, call.function().type(), false);
      case "max" -> extreme(column, call.function().type(), true);
      case "sum" -> sum(column, call.function().type().unwrapped());
      case "avg" -> average(column);
      default -> null;
    };
  }

  private Long rows() {
    long rows = 0;
    for (VisiblePart part : view.parts()) {
      rows += part.part().info().rows() - part.dead().total();
    }
    return rows;
  }

  private Long present(String column) {
    long present = 0;
    for (VisiblePart visible : view.parts()) {
      Part part = visible.part();
      for (int granule = 0; granule < part.granules(); granule++) {
        ColumnStats stats = bounds(part, column, granule);
        if (stats == null) {
          return null;
        }
        int dead = visible.dead().count(granule);
        present += part.granuleRows(granule) - stats.nulls();
        if (dead > 0) {
          present -= stats.nulls() == 0 ? dead : dirty.deadPresent(visible, granule, column);
        }
      }
    }
    return present;
  }

  private Object extreme(TableScan.Column column, DataType result, boolean greatest) {
    DataType type = column.type().unwrapped();
    if (!result.unwrapped().equals(type) || type instanceof DataType.Float) {
      return null;
    }
    Object best = null;
    for (VisiblePart visible : view.parts()) {
      for (int granule = 0; granule < visible.part().granules(); granule++) {
        ColumnStats stats = bounds(visible.part(), column.name(), granule);
        if (stats == null || !stats.exact()) {
          return null;
        }
        Object bound = greatest ? stats.max() : stats.min();
        if (bound == null && stats.nulls() < visible.part().granuleRows(granule)) {
          return null;
        }
        if (visible.dead().count(granule) == 0) {
          best = better(best, bound, type, greatest);
        }
      }
    }
    for (VisiblePart visible : view.parts()) {
      for (int granule = 0; granule < visible.part().granules(); granule++) {
        if (visible.dead().count(granule) > 0) {
          ColumnStats stats = bounds(visible.part(), column.name(), granule);
          Object bound = greatest ? stats.max() : stats.min();
          if (bound != null && better(best, bound, type, greatest) == bound) {
            Object alive = dirty.extreme(visible, granule, column.name(), type, greatest);
            best = better(best, alive, type, greatest);
          }
        }
      }
    }
    return best == null ? null : RawValues.value(best, type);
  }

  /// The better of two bounds, the first of equals; null is none.
  static Object better(Object best, Object bound, DataType type, boolean greatest) {
    if (best == null || bound == null) {
      return best == null ? bound : best;
    }
    int order = Bound.compare(bound, best, type);
    return (greatest ? order > 0 : order < 0) ? bound : best;
  }

  private Object sum(TableScan.Column column, DataType result) {
    BigInteger sum = sum(column.name());
    Long present = sum == null ? null : present(column.name());
    // Over NULLs alone, and beyond the result's type, the rows give the answer or the error.
    return present != null && present > 0 ? sumValue(sum, column.type().unwrapped(), result) : null;
  }

  private BigInteger sum(String column) {
    BigInteger sum = BigInteger.ZERO;
    for (VisiblePart visible : view.parts()) {
      for (int granule = 0; granule < visible.part().granules(); granule++) {
        ColumnStats stats = stats(visible.part(), column, granule);
        if (stats == null || stats.sum() == null) {
          return null;
        }
        sum = sum.add(stats.sum());
        if (visible.dead().count(granule) > 0) {
          sum = sum.subtract(dirty.deadSum(visible, granule, column));
        }
      }
    }
    return sum;
  }

  /// As the aggregate over rows has it: an exact sum, divided once by the unit and once by the
  /// count.
  private Object average(TableScan.Column column) {
    int scale =
        switch (column.type().unwrapped()) {
          case DataType.Int _ -> 0;
          case DataType.Decimal decimal -> decimal.scale();
          default -> -1;
        };
    BigInteger sum = scale < 0 ? null : sum(column.name());
    if (sum == null) {
      return null;
    }
    Long present = present(column.name());
    return present == null || present == 0
        ? null
        : (Object) (sum.doubleValue() / Math.pow(10, scale) / present);
  }

  private static Object sumValue(BigInteger sum, DataType column, DataType result) {
    if (column instanceof DataType.Decimal own
        && result instanceof DataType.Decimal(int precision, int scale)
        && own.scale() == scale
        && new BigDecimal(sum).precision() <= precision) {
      return new BigDecimal(sum, scale);
    }
    boolean fits =
        column instanceof DataType.Int
            && result instanceof DataType.Int(int bits, boolean signed)
            && (signed ? sum.bitLength() < bits : sum.signum() >= 0 && sum.bitLength() <= bits);
    return fits ? sum : null;
  }

  private static ColumnStats bounds(Part part, String column, int granule) {
    return part.hasColumn(column) ? part.bounds(column, granule) : null;
  }

  private static ColumnStats stats(Part part, String column, int granule) {
    return part.hasColumn(column) ? part.stats(column, granule) : null;
  }
}
