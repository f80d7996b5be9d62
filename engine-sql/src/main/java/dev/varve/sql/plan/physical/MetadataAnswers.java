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

/// Answers `count`, `min`, `max` and `sum` over a whole table from what parts keep of every
/// granule, without reading a row. Dead rows correct a count; for the others they make the table be
/// read.
final class MetadataAnswers {
  private final TableScan scan;
  private final TableView view;

  private MetadataAnswers(TableScan scan) {
    this.scan = scan;
    this.view = scan.view();
  }

  /// The row that aggregating the input would give, if the parts know it.
  static Optional<Operator> of(Operator input, List<AggregateCall> calls) {
    if (!(input instanceof TableScan scan)
        || !scan.conjuncts().isEmpty()
        || scan.view().parts().isEmpty()
        || !scan.view().isReadable()) {
      return Optional.empty();
    }
    MetadataAnswers answers = new MetadataAnswers(scan);
    List<Object> row = new ArrayList<>();
    List<DataType> types = new ArrayList<>();
    for (AggregateCall call : calls) {
      Object answer = call.filter() >= 0 || call.distinct() ? null : answers.answer(call);
      if (answer == null) {
        return Optional.empty();
      }
      row.add(answer);
      types.add(call.function().type());
    }
    return Optional.of(new Values(types, List.of(row)));
  }

  private Object answer(AggregateCall call) {
    if (call.arguments().isEmpty()) {
      return call.function().name().equals("count") ? rows() : null;
    }
    if (call.arguments().size() > 1 || hasDeadRows()) {
      return null;
    }
    TableScan.Column column = scan.columns().get(scan.output().get(call.arguments().getFirst()));
    return switch (call.function().name()) {
      case "count" -> present(column.name());
      case "min" -> extreme(column, call.function().type(), false);
      case "max" -> extreme(column, call.function().type(), true);
      case "sum" -> sum(column, call.function().type().unwrapped());
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

  private boolean hasDeadRows() {
    return view.parts().stream().anyMatch(part -> part.dead().total() > 0);
  }

  private Long present(String column) {
    long present = 0;
    for (VisiblePart visible : view.parts()) {
      Part part = visible.part();
      for (int granule = 0; granule < part.granules(); granule++) {
        ColumnStats stats = stats(part, column, granule);
        if (stats == null) {
          return null;
        }
        present += part.granuleRows(granule) - stats.nulls();
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
      Part part = visible.part();
      for (int granule = 0; granule < part.granules(); granule++) {
        ColumnStats stats = stats(part, column.name(), granule);
        if (stats == null || !stats.exact()) {
          return null;
        }
        Object bound = greatest ? stats.max() : stats.min();
        if (bound == null) {
          if (stats.nulls() < part.granuleRows(granule)) {
            return null;
          }
          continue;
        }
        int order = best == null ? 0 : Bound.compare(bound, best, type);
        if (best == null || (greatest ? order > 0 : order < 0)) {
          best = bound;
        }
      }
    }
    return best == null ? null : RawValues.value(best, type);
  }

  private Object sum(TableScan.Column column, DataType result) {
    BigInteger sum = BigInteger.ZERO;
    boolean any = false;
    for (VisiblePart visible : view.parts()) {
      Part part = visible.part();
      for (int granule = 0; granule < part.granules(); granule++) {
        ColumnStats stats = stats(part, column.name(), granule);
        if (stats == null || stats.sum() == null) {
          return null;
        }
        sum = sum.add(stats.sum());
        any |= stats.nulls() < part.granuleRows(granule);
      }
    }
    // Over NULLs alone, and beyond the result's type, the rows give the answer or the error.
    return any ? sumValue(sum, column.type().unwrapped(), result) : null;
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

  private static ColumnStats stats(Part part, String column, int granule) {
    return part.hasColumn(column) ? part.stats(column, granule) : null;
  }
}
