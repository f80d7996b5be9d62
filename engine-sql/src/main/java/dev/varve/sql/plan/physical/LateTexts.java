// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.operator.AggregateCall;
import dev.varve.sql.operator.Filter;
import dev.varve.sql.operator.HashAggregate;
import dev.varve.sql.operator.HashJoin;
import dev.varve.sql.operator.LateColumns;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.Project;
import dev.varve.sql.operator.Sort;
import dev.varve.sql.operator.SortKey;
import dev.varve.sql.operator.TableScan;
import dev.varve.sql.operator.VirtualColumn;
import dev.varve.sql.plan.logical.Estimates;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// ORDER BY with a small LIMIT over joins and groups: texts of a table that nothing on the way
/// looks at are read for the rows that are left. Until then the place of their row is carried.
///
/// A group may carry it where its keys determine the row of the table.
final class LateTexts {
  private static final long FEWEST_ROWS = 1 << 14;
  private static final List<VirtualColumn> PLACE =
      List.of(VirtualColumn.PART_INDEX, VirtualColumn.PART_OFFSET);

  private final Calls calls;
  private final Estimates estimates;

  private LateTexts(Calls calls, Estimates estimates) {
    this.calls = calls;
    this.estimates = estimates;
  }

  /// A column of a scan, by its place in what the scan gives.
  private record Source(TableScan scan, int column) {}

  /// The same rows, with such texts read late.
  static Operator of(Sort sort, Calls calls, Estimates estimates) {
    return sort.limit() < 0
            || sort.limit() > LateSort.MOST_ROWS
            || sort.offset() > LateSort.MOST_ROWS - sort.limit()
            || sort.input() instanceof TableScan
        ? sort
        : new LateTexts(calls, estimates).late(sort);
  }

  private Operator late(Sort sort) {
    int width = sort.types().size();
    Source[] sources = new Source[width];
    Set<TableScan> scans = new LinkedHashSet<>();
    Map<TableScan, Boolean> known = new IdentityHashMap<>();
    for (int c = 0; c < width; c++) {
      int column = c;
      if (sort.types().get(c).physical() != dev.varve.storage.type.Physical.BYTES
          || sort.keys().stream().anyMatch(key -> key.column() == column)) {
        continue;
      }
      Source source = source(sort.input(), c);
      if (source != null
          && source.scan.types().get(source.column).equals(sort.types().get(c))
          && known.computeIfAbsent(source.scan, LateTexts::isWorthIt)) {
        sources[c] = source;
        scans.add(source.scan);
      }
    }
    return scans.isEmpty() ? sort : late(sort, sources, List.copyOf(scans));
  }

  private static boolean isWorthIt(TableScan scan) {
    long rows =
        scan.view().partsRoughly().stream()
            .mapToLong(visible -> visible.part().info().rows())
            .sum();
    // Behind conditions of the table's own few rows are left of which texts are read.
    return scan.conjuncts().isEmpty()
        && rows >= FEWEST_ROWS
        && PLACE.stream().noneMatch(column -> isTaken(scan, column));
  }

  private static boolean isTaken(TableScan scan, VirtualColumn column) {
    return scan.view().definition().column(column.columnName()).isPresent();
  }

  private Operator late(Sort sort, Source[] sources, List<TableScan> scans) {
    Operator rows = sort.input();
    List<Integer> columns = new ArrayList<>(); // of the sort's input, as they are carried
    for (int c = 0; c < sources.length; c++) {
      if (sources[c] == null) {
        columns.add(c);
      }
    }
    List<Integer> order = new ArrayList<>(columns);
    for (TableScan scan : scans) {
      int before = rows.types().size();
      rows = withPlace(rows, scan);
      columns.add(before);
      columns.add(before + 1);
    }
    List<Expression> carried = new ArrayList<>();
    for (int column : columns) {
      carried.add(new Expression.InputColumn(column, rows.types().get(column)));
    }
    List<SortKey> keys =
        sort.keys().stream()
            .map(key ->
                new SortKey(columns.indexOf(key.column()), key.descending(), key.nullsFirst()))
            .toList();
    Operator read = new Sort(new Project(rows, carried), keys, sort.offset(), sort.limit());
    for (int s = scans.size() - 1; s >= 0; s--) {
      List<Integer> places = new ArrayList<>();
      List<TableScan.Column> texts = new ArrayList<>();
      List<Integer> found = new ArrayList<>();
      for (int c = 0; c < sources.length; c++) {
        if (sources[c] != null && sources[c].scan == scans.get(s)) {
          places.add(-1);
          texts.add(column(sources[c]));
          found.add(c);
        }
      }
      for (int i = 0; i < read.types().size() - PLACE.size(); i++) {
        places.add(i);
        texts.add(null);
      }
      read = new LateColumns(read, scans.get(s), places, texts);
      order.addAll(0, found);
    }
    List<Expression> given = new ArrayList<>();
    for (int c = 0; c < sources.length; c++) {
      given.add(new Expression.InputColumn(order.indexOf(c), sort.types().get(c)));
    }
    return Physical.projected(read, given);
  }

  private static TableScan.Column column(Source source) {
    return source.scan.columns().get(source.scan.output().get(source.column));
  }

  /// Where a column comes from, if nothing on the way looks at it; else null.
  private Source source(Operator operator, int column) {
    return switch (operator) {
      case TableScan scan ->
          VirtualColumn.of(scan.columns().get(scan.output().get(column)).name()).isPresent()
              ? null
              : new Source(scan, column);
      case Project project ->
          project.expressions().get(column) instanceof Expression.InputColumn(int index, DataType _)
              ? source(project.input(), index)
              : null;
      case Filter filter ->
          isRead(filter.conjuncts(), column) ? null : source(filter.input(), column);
      case HashJoin join -> source(join, join.output().get(column));
      case HashAggregate aggregate -> source(aggregate, column);
      default -> null;
    };
  }

  private Source source(HashJoin join, int column) {
    int width = join.left().types().size();
    boolean ofLeft = column < width;
    int own = ofLeft ? column : column - width;
    boolean filled = ofLeft ? join.kind().keepsRight() : join.kind().keepsLeft();
    List<Integer> keys = ofLeft ? join.leftKeys() : join.rightKeys();
    return filled || keys.contains(own) || isRead(join.residual(), column)
        ? null
        : source(ofLeft ? join.left() : join.right(), own);
  }

  private Source source(HashAggregate aggregate, int column) {
    int at = column - aggregate.keys().size();
    if (at < 0 || at >= aggregate.calls().size() || aggregate.sets().size() > 1) {
      return null;
    }
    AggregateCall call = aggregate.calls().get(at);
    if (!call.function().name().equals("any") || call.filter() >= 0 || call.distinct()) {
      return null;
    }
    Source source = source(aggregate.input(), call.arguments().getFirst());
    return source != null
            && Dependencies.of(aggregate.input(), estimates).isOneRow(aggregate.keys(), source.scan)
        ? source
        : null;
  }

  private static boolean isRead(List<Expression> expressions, int column) {
    BitSet read = new BitSet();
    expressions.forEach(expression -> expression.collectInputs(read));
    return read.get(column);
  }

  /// The operator with two columns more, which say where the scan's rows lie; null where the scan
  /// is not below.
  private Operator withPlace(Operator operator, TableScan wanted) {
    return switch (operator) {
      case TableScan scan -> scan == wanted ? withPlace(scan) : null;
      case Project project -> {
        Operator input = withPlace(project.input(), wanted);
        if (input == null) {
          yield null;
        }
        List<Expression> expressions = new ArrayList<>(project.expressions());
        for (int i = PLACE.size(); i > 0; i--) {
          expressions.add(new Expression.InputColumn(input.types().size() - i, DataTypes.UINT64));
        }
        yield new Project(input, expressions);
      }
      case Filter filter -> {
        Operator input = withPlace(filter.input(), wanted);
        yield input == null ? null : new Filter(input, filter.conjuncts());
      }
      case HashJoin join -> withPlace(join, wanted);
      case HashAggregate aggregate -> {
        Operator input = withPlace(aggregate.input(), wanted);
        if (input == null) {
          yield null;
        }
        List<AggregateCall> more = new ArrayList<>(aggregate.calls());
        for (int i = PLACE.size(); i > 0; i--) {
          more.add(
              AggregateCall.of(
                  AggregateInput.any(calls, DataTypes.UINT64), input.types().size() - i));
        }
        yield new HashAggregate(
            input, aggregate.keys(), aggregate.sets(), more, aggregate.sorted());
      }
      default -> null;
    };
  }

  private static TableScan withPlace(TableScan scan) {
    List<TableScan.Column> columns = new ArrayList<>(scan.columns());
    List<Integer> output = new ArrayList<>(scan.output());
    for (VirtualColumn place : PLACE) {
      output.add(columns.size());
      columns.add(new TableScan.Column(place.columnName(), DataTypes.UINT64, null));
    }
    return new TableScan(
        scan.view(), columns, scan.conjuncts(), output, scan.granules(), scan.joinKeys());
  }

  private Operator withPlace(HashJoin join, TableScan wanted) {
    Operator left = join.kind().givesLeft() ? withPlace(join.left(), wanted) : null;
    Operator right =
        left == null && join.kind().givesRight() ? withPlace(join.right(), wanted) : null;
    if (left == null && right == null) {
      return null;
    }
    int width = join.left().types().size();
    int moved = left == null ? 0 : PLACE.size();
    List<Integer> output = new ArrayList<>();
    join.output().forEach(column -> output.add(column < width ? column : column + moved));
    int first = left == null ? width + join.right().types().size() : width;
    for (int i = 0; i < PLACE.size(); i++) {
      output.add(first + i);
    }
    return new HashJoin(
        left == null ? join.left() : left,
        right == null ? join.right() : right,
        join.kind(),
        join.leftKeys(),
        join.rightKeys(),
        join.nullSafe(),
        Columns.mapped(join.residual(), column -> column < width ? column : column + moved),
        output,
        join.published());
  }
}
