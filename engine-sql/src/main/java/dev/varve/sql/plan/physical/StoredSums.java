// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.merge.read.TableView;
import dev.varve.merge.read.VisiblePart;
import dev.varve.merge.rule.CombinedColumns;
import dev.varve.sql.expression.Expression;
import dev.varve.sql.operator.AggregateCall;
import dev.varve.sql.operator.Filter;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.Project;
import dev.varve.sql.operator.TableScan;
import dev.varve.sql.plan.logical.Estimates;
import dev.varve.storage.column.ColumnStats;
import dev.varve.storage.part.Part;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Aggregates of a Summing or Aggregating table that are the same over its rows as they are stored
/// as over the combined ones: `sum` of a summed column, `uniqMerge` of states of `uniq`, where rows
/// are chosen and grouped by columns of the sorting key alone. No key needs to be resolved for
/// them.
///
/// A key whose sums are all zero does not count, and a group of nothing else does not show. Where
/// no sum is negative, such a group is one whose own sums are all zero. Where a nullable summed
/// column has no NULL, every key counts.
final class StoredSums {
  private final Calls calls;
  private final Estimates estimates;
  private final TableScan scan;
  private final List<Expression> projected;
  private final CombinedColumns combined;
  private final TableView stored;
  private final List<String> hiding;
  private final Set<String> keyColumns = new HashSet<>();

  private StoredSums(
      Calls calls, Estimates estimates, TableScan scan, Operator input, TableView.Stored stored) {
    this.calls = calls;
    this.estimates = estimates;
    this.scan = scan;
    this.projected = input instanceof Project project ? project.expressions() : outputs(scan);
    this.combined = stored.columns();
    this.stored = stored.view();
    this.hiding =
        combined.hidingZeros().stream().anyMatch(this::countsAlways)
            ? List.of()
            : combined.hidingZeros();
    for (TableScan.Column column : scan.columns()) {
      // Zeros of floats differ in sign within one key.
      if (scan.view().definition().orderBy().contains(column.name())
          && !(column.type().unwrapped() instanceof DataType.Float)) {
        keyColumns.add(column.name());
      }
    }
  }

  private static List<Expression> outputs(TableScan scan) {
    List<Expression> outputs = new ArrayList<>();
    for (int i = 0; i < scan.output().size(); i++) {
      outputs.add(new Expression.InputColumn(i, scan.types().get(i)));
    }
    return outputs;
  }

  /// The same aggregation over stored rows, if it gives the same.
  static Optional<Operator> of(
      Calls calls,
      Estimates estimates,
      Operator input,
      List<Integer> keys,
      List<List<Integer>> sets,
      List<AggregateCall> aggregates) {
    Operator source = input instanceof Project project ? project.input() : input;
    if (!(source instanceof TableScan scan) || !scan.joinKeys().isEmpty() || aggregates.isEmpty()) {
      return Optional.empty();
    }
    return scan.view()
        .stored()
        .map(stored -> new StoredSums(calls, estimates, scan, input, stored))
        .filter(sums -> sums.commute(keys, sets, aggregates))
        .map(sums -> sums.rewritten(keys, sets, aggregates));
  }

  private boolean commute(
      List<Integer> keys, List<List<Integer>> sets, List<AggregateCall> aggregates) {
    for (Expression condition : scan.conjuncts()) {
      BitSet inputs = new BitSet();
      condition.collectInputs(inputs);
      if (!inputs.stream().allMatch(c -> keyColumns.contains(scan.columns().get(c).name()))) {
        return false;
      }
    }
    return keys.stream().allMatch(this::isOfKey)
        && aggregates.stream().allMatch(this::commutes)
        && (hiding.isEmpty() || keys.isEmpty() || showsGroups(sets));
  }

  /// Whether the sums of a group tell if any key of it counts.
  private boolean showsGroups(List<List<Integer>> sets) {
    return sets.size() == 1 && hiding.stream().allMatch(this::isRising);
  }

  /// Whether a column alone shows each key: a nullable one does, if it has no NULL.
  private boolean countsAlways(String column) {
    return stored.definition().column(column).orElseThrow().type().isNullable()
        && everyGranule(column, _ -> true);
  }

  /// Whether a column of the input says something of the sorting key and nothing else.
  private boolean isOfKey(int column) {
    BitSet inputs = new BitSet();
    projected.get(column).collectInputs(inputs);
    return inputs.stream()
        .allMatch(o -> keyColumns.contains(scan.columns().get(scan.output().get(o)).name()));
  }

  private boolean commutes(AggregateCall call) {
    String name = call.function().name();
    List<Integer> arguments = call.arguments();
    if (name.endsWith("If") && arguments.size() == 2) {
      name = name.substring(0, name.length() - 2);
    } else if (arguments.size() != 1) {
      return false;
    }
    boolean counts = arguments.size() == 1 || isOfKey(arguments.getLast());
    if (call.distinct() || !counts || (call.filter() >= 0 && !isOfKey(call.filter()))) {
      return false;
    }
    return projected.get(arguments.getFirst())
            instanceof Expression.InputColumn(int output, DataType _)
        && commutes(name, scan.columns().get(scan.output().get(output)));
  }

  private boolean commutes(String function, TableScan.Column column) {
    String own = combined.functions().get(column.name());
    if (own == null) {
      return hiding.isEmpty()
          && keyColumns.contains(column.name())
          && (function.equals("min") || function.equals("max"));
    }
    DataType type = column.type();
    if (type instanceof DataType.AggregateState state) {
      return function.equals(own + "Merge")
          && state.parameters().isEmpty()
          && state.arguments().stream().noneMatch(a -> a.unwrapped() instanceof DataType.Float)
          && switch (own) {
            case "count", "sum", "min", "max", "uniq", "uniqExact" -> true;
            default -> false;
          };
    }
    if (!function.equals(own) || type.isNullable()) {
      return false;
    }
    boolean isExact =
        type.unwrapped() instanceof DataType.Int || type.unwrapped() instanceof DataType.Decimal;
    return switch (own) {
      case "min", "max" -> isExact;
      case "sum" -> isExact && neverWraps(column.name(), type.unwrapped());
      default -> false;
    };
  }

  /// Whether no sum of a key can leave the type, where it would wrap around: of each part it takes
  /// one value.
  private boolean neverWraps(String column, DataType type) {
    boolean unsigned = type.isUnsigned();
    int bits = 8 * type.physical().width() - (unsigned ? 0 : 1);
    BigInteger most =
        BigInteger.TWO
            .pow(bits)
            .subtract(BigInteger.ONE)
            .divide(BigInteger.valueOf(Math.max(1, stored.parts().size())));
    return everyGranule(
        column,
        stats ->
            stats.min() != null
                && integer(stats.min(), unsigned).abs().compareTo(most) <= 0
                && integer(stats.max(), unsigned).abs().compareTo(most) <= 0);
  }

  private static BigInteger integer(Object bound, boolean unsigned) {
    return switch (bound) {
      case Long number when unsigned && number < 0 -> new BigInteger(Long.toUnsignedString(number));
      case Long number -> BigInteger.valueOf(number);
      case BigInteger number -> number;
      default -> throw new IllegalStateException("no bound of an integer: " + bound);
    };
  }

  /// Whether no value of a column lowers a sum.
  private boolean isRising(String column) {
    DataType type = typeOf(column);
    boolean isExact = type instanceof DataType.Int || type instanceof DataType.Decimal;
    return isExact
        && neverWraps(column, type)
        && everyGranule(column, stats -> integer(stats.min(), type.isUnsigned()).signum() >= 0);
  }

  private DataType typeOf(String column) {
    return stored.definition().column(column).orElseThrow().type().unwrapped();
  }

  private boolean everyGranule(String column, Predicate<ColumnStats> test) {
    for (VisiblePart visible : stored.parts()) {
      Part part = visible.part();
      for (int g = 0; g < part.granules(); g++) {
        ColumnStats stats = part.hasColumn(column) ? part.bounds(column, g) : null;
        if (stats == null || stats.nulls() > 0 || !test.test(stats)) {
          return false;
        }
      }
    }
    return true;
  }

  private Operator rewritten(
      List<Integer> keys, List<List<Integer>> sets, List<AggregateCall> aggregates) {
    List<String> zeros = keys.isEmpty() ? List.of() : hiding;
    List<TableScan.Column> columns = new ArrayList<>(scan.columns());
    List<Integer> output = new ArrayList<>(scan.output());
    List<Expression> expressions = new ArrayList<>(projected);
    List<AggregateCall> calls = new ArrayList<>(aggregates);
    for (String name : zeros) {
      DataType type = typeOf(name);
      calls.add(
          AggregateCall.of(
              this.calls.functions().aggregate("sum", List.of(), List.of(type)),
              expressions.size()));
      expressions.add(new Expression.InputColumn(output(name, type, columns, output), type));
    }
    Operator rows =
        Physical.projected(
            new TableScan(stored, columns, scan.conjuncts(), output, scan.granules()), expressions);
    Operator groups =
        Aggregates.grouped(
            AggregateInput.of(this.calls, rows, keys, sets, calls, estimates), sets, estimates);
    return zeros.isEmpty() ? groups : shown(groups, keys.size() + aggregates.size());
  }

  /// The place of a column in what a scan gives, which may have to give it yet.
  private static int output(
      String name, DataType type, List<TableScan.Column> columns, List<Integer> output) {
    int at = 0;
    while (at < columns.size() && !columns.get(at).name().equals(name)) {
      at++;
    }
    if (at == columns.size()) {
      columns.add(new TableScan.Column(name, type, Defaults.of(type)));
    }
    if (!output.contains(at)) {
      output.add(at);
    }
    return output.indexOf(at);
  }

  /// The groups of which some sum behind the first columns is not zero, without these sums.
  private Operator shown(Operator groups, int width) {
    List<DataType> types = groups.types();
    List<Expression> sums = new ArrayList<>();
    List<Expression> columns = new ArrayList<>();
    for (int c = 0; c < types.size(); c++) {
      Expression column = new Expression.InputColumn(c, types.get(c));
      if (c < width) {
        columns.add(column);
      } else {
        Expression zero = calls.cast(new Expression.Literal(0L, DataTypes.INT64), types.get(c));
        sums.add(calls.call("notEquals", column, zero));
      }
    }
    Expression any = sums.size() == 1 ? sums.getFirst() : new Expression.Or(sums);
    return new Project(new Filter(groups, List.of(any)), columns);
  }
}
