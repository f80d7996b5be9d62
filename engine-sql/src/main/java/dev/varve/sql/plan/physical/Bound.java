// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.operator.TableScan;
import dev.varve.sql.operator.VirtualColumn;
import dev.varve.storage.column.ColumnStats;
import dev.varve.storage.part.Part;
import dev.varve.storage.type.DataType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;

/// What a condition demands of the smallest and the greatest value of one column.
///
/// A column that a part does not keep bounds for, or that it does not hold, rules nothing out.
sealed interface Bound {
  boolean mayMatch(Part part, int granule);

  /// The columns whose bounds it asks for.
  Set<String> columns();

  /// Some value must be at least `low` and at most `high`; null leaves a side open.
  record Range(String column, DataType type, Object low, Object high) implements Bound {
    @Override
    public Set<String> columns() {
      return Set.of(column);
    }

    @Override
    public boolean mayMatch(Part part, int granule) {
      ColumnStats stats = stats(part, column, granule);
      if (stats == null) {
        return true;
      }
      if (stats.min() == null && stats.max() == null) {
        return stats.nulls() < part.granuleRows(granule);
      }
      boolean below = low != null && stats.max() != null && compare(stats.max(), low, type) < 0;
      boolean above = high != null && stats.min() != null && compare(stats.min(), high, type) > 0;
      return !below && !above;
    }
  }

  /// Some value of a function that never falls, or never rises, must be at least `low` and at most
  /// `high`: then so must the greater of its values at the bounds of the column, and the smaller.
  record Monotone(String column, MonotoneFunction function, Object low, Object high)
      implements Bound {
    @Override
    public Set<String> columns() {
      return Set.of(column);
    }

    @Override
    public boolean mayMatch(Part part, int granule) {
      ColumnStats stats = stats(part, column, granule);
      if (stats == null || stats.min() == null || stats.max() == null) {
        return true;
      }
      Object[] ends = function.range(stats.min(), stats.max());
      if (ends == null) {
        return true;
      }
      boolean below = low != null && compare(ends[1], low, function.type()) < 0;
      boolean above = high != null && compare(ends[0], high, function.type()) > 0;
      return !below && !above;
    }
  }

  /// Some value must be one of these.
  record OneOf(String column, DataType type, List<Object> values) implements Bound {
    @Override
    public Set<String> columns() {
      return Set.of(column);
    }

    @Override
    public boolean mayMatch(Part part, int granule) {
      ColumnStats stats = stats(part, column, granule);
      if (stats == null || stats.min() == null || stats.max() == null) {
        return true;
      }
      for (Object value : values) {
        if (compare(stats.min(), value, type) <= 0 && compare(stats.max(), value, type) >= 0) {
          return true;
        }
      }
      return false;
    }
  }

  /// One of several must be possible.
  record Either(List<Bound> bounds) implements Bound {
    @Override
    public Set<String> columns() {
      return columnsOf(bounds);
    }

    @Override
    public boolean mayMatch(Part part, int granule) {
      for (Bound bound : bounds) {
        if (bound.mayMatch(part, granule)) {
          return true;
        }
      }
      return false;
    }
  }

  /// All must be possible.
  record Both(List<Bound> bounds) implements Bound {
    @Override
    public Set<String> columns() {
      return columnsOf(bounds);
    }

    @Override
    public boolean mayMatch(Part part, int granule) {
      for (Bound bound : bounds) {
        if (!bound.mayMatch(part, granule)) {
          return false;
        }
      }
      return true;
    }
  }

  private static Set<String> columnsOf(List<Bound> bounds) {
    return bounds.stream().flatMap(b -> b.columns().stream()).collect(Collectors.toSet());
  }

  private static ColumnStats stats(Part part, String column, int granule) {
    return part.hasColumn(column)
        ? part.bounds(column, granule)
        : VirtualColumn.of(column).map(virtual -> virtual.bounds(part, granule)).orElse(null);
  }

  /// What a condition demands, or nothing where it demands nothing of one column.
  static Optional<Bound> of(
      Expression condition, List<TableScan.Column> columns, BufferAllocator allocator) {
    return switch (condition) {
      case Expression.And(List<Expression> operands) -> {
        List<Bound> bounds = new ArrayList<>();
        operands.forEach(operand -> of(operand, columns, allocator).ifPresent(bounds::add));
        yield bounds.isEmpty() ? Optional.empty() : Optional.of(new Both(bounds));
      }
      case Expression.Or(List<Expression> operands) -> either(operands, columns, allocator);
      case Expression.InList in -> oneOf(in, columns);
      case Expression.Call call -> range(call, columns, allocator);
      default -> Optional.empty();
    };
  }

  private static Optional<Bound> either(
      List<Expression> operands, List<TableScan.Column> columns, BufferAllocator allocator) {
    List<Bound> bounds = new ArrayList<>();
    for (Expression operand : operands) {
      Optional<Bound> bound = of(operand, columns, allocator);
      if (bound.isEmpty()) {
        return Optional.empty();
      }
      bounds.add(bound.get());
    }
    return Optional.of(new Either(bounds));
  }

  private static Optional<Bound> oneOf(Expression.InList in, List<TableScan.Column> columns) {
    if (!(in.operand() instanceof Expression.InputColumn(int index, DataType type))
        || in.set().size() > 64) {
      return Optional.empty();
    }
    List<Object> values = new ArrayList<>();
    for (Object value : in.set().values()) {
      Object raw = RawValues.raw(value, type.unwrapped());
      if (raw == null) {
        return Optional.empty();
      }
      values.add(raw);
    }
    return Optional.of(new OneOf(columns.get(index).name(), type.unwrapped(), values));
  }

  private static Optional<Bound> range(
      Expression.Call call, List<TableScan.Column> columns, BufferAllocator allocator) {
    if (call.arguments().size() != 2) {
      return Optional.empty();
    }
    Expression left = call.arguments().get(0);
    Expression right = call.arguments().get(1);
    if (left instanceof Expression.InputColumn(int index, DataType type)
        && right instanceof Expression.Literal(Object value, DataType _)) {
      return range(call.function().name(), columns.get(index).name(), type, value);
    }
    if (right instanceof Expression.InputColumn(int index, DataType type)
        && left instanceof Expression.Literal(Object value, DataType _)) {
      return range(mirrored(call.function().name()), columns.get(index).name(), type, value);
    }
    if (right instanceof Expression.Literal(Object value, DataType _)) {
      return monotone(call.function().name(), left, value, columns, allocator);
    }
    if (left instanceof Expression.Literal(Object value, DataType _)) {
      return monotone(mirrored(call.function().name()), right, value, columns, allocator);
    }
    return Optional.empty();
  }

  private static Optional<Bound> monotone(
      String comparison,
      Expression operand,
      Object value,
      List<TableScan.Column> columns,
      BufferAllocator allocator) {
    Optional<MonotoneFunction> function = MonotoneFunction.of(operand, allocator);
    if (function.isEmpty() || value == null) {
      return Optional.empty();
    }
    Object raw = RawValues.raw(value, function.get().type());
    if (raw == null) {
      return Optional.empty();
    }
    String column = columns.get(function.get().column()).name();
    return switch (comparison) {
      case "equals" -> Optional.of(new Monotone(column, function.get(), raw, raw));
      case "less", "lessOrEquals" -> Optional.of(new Monotone(column, function.get(), null, raw));
      case "greater", "greaterOrEquals" ->
          Optional.of(new Monotone(column, function.get(), raw, null));
      default -> Optional.empty();
    };
  }

  /// The comparison with its sides turned round, or empty where it is none.
  static String mirrored(String function) {
    return switch (function) {
      case "less" -> "greater";
      case "lessOrEquals" -> "greaterOrEquals";
      case "greater" -> "less";
      case "greaterOrEquals" -> "lessOrEquals";
      case "equals" -> "equals";
      default -> "";
    };
  }

  private static Optional<Bound> range(
      String function, String column, DataType type, Object value) {
    DataType bare = type.unwrapped();
    Object raw = value == null ? null : RawValues.raw(value, bare);
    if (raw == null) {
      return Optional.empty();
    }
    return switch (function) {
      case "equals" -> Optional.of(new Range(column, bare, raw, raw));
      case "less", "lessOrEquals" -> Optional.of(new Range(column, bare, null, raw));
      case "greater", "greaterOrEquals" -> Optional.of(new Range(column, bare, raw, null));
      case "like", "startsWith" -> prefix(function, column, bare, value);
      default -> Optional.empty();
    };
  }

  // Text that begins with a prefix is at least the prefix and below what follows all of it.
  private static Optional<Bound> prefix(
      String function, String column, DataType type, Object value) {
    if (!(type instanceof DataType.Text) || !(value instanceof String pattern)) {
      return Optional.empty();
    }
    String prefix = function.equals("like") ? pattern.split("[%_\\\\]", 2)[0] : pattern;
    if (prefix.isEmpty()) {
      return Optional.empty();
    }
    byte[] low = prefix.getBytes(StandardCharsets.UTF_8);
    // The last byte of UTF-8 is never 0xFF, so the next prefix has the same length.
    byte[] high = low.clone();
    high[high.length - 1]++;
    return Optional.of(new Range(column, type, low, high));
  }

  /// Compares two raw values of a type.
  static int compare(Object a, Object b, DataType type) {
    if (a instanceof Long left && b instanceof Long right) {
      return type.isUnsigned() ? Long.compareUnsigned(left, right) : Long.compare(left, right);
    }
    if (a instanceof byte[] left && b instanceof byte[] right) {
      return Arrays.compareUnsigned(left, right);
    }
    if (a instanceof Double left && b instanceof Double right) {
      return Double.compare(left, right);
    }
    return RawValues.integer(a, type).compareTo(RawValues.integer(b, type));
  }
}
