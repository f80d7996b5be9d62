// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.BoundFunction;
import dev.varve.sql.expression.Expression;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;

/// A chain of functions of one column that never falls, or never rises, with the column: so its
/// values over a range lie between its values at the ends.
///
/// @param column position of the column
/// @param expression over a batch of that column alone
/// @param input type of the column
record MonotoneFunction(
    int column, Expression expression, DataType input, BufferAllocator allocator) {
  /// Functions of one changing argument that never fall. Those of times keep order in every time
  /// zone but for the hour that clocks repeat, which none of these shows.
  private static final Set<String> RISING =
      Set.of(
          "toDate",
          "toDate32",
          "toYear",
          "toYYYYMM",
          "toYYYYMMDD",
          "toStartOfYear",
          "toStartOfQuarter",
          "toStartOfMonth",
          "toStartOfWeek",
          "toMonday",
          "toStartOfDay",
          "toISOYear",
          "toRelativeYearNum",
          "toRelativeMonthNum",
          "toRelativeDayNum",
          "toUnixTimestamp");

  /// Those of [#RISING] whose values never begin anew, however far from 1970 a time lies.
  private static final Set<String> RISING_EVERYWHERE =
      Set.of("toYear", "toYYYYMM", "toYYYYMMDD", "toISOYear");

  /// As [#RISING] with a constant second argument above 0, or a constant to add.
  private static final Set<String> RISING_BY_CONSTANT = Set.of("intDiv", "plus", "minus");

  DataType type() {
    return expression.type().unwrapped();
  }

  static Optional<MonotoneFunction> of(Expression expression, BufferAllocator allocator) {
    if (!(expression instanceof Expression.Call) || !isMonotone(expression)) {
      return Optional.empty();
    }
    BitSet inputs = new BitSet();
    expression.collectInputs(inputs);
    int column = inputs.nextSetBit(0);
    Expression alone = overFirst(expression);
    return Optional.of(new MonotoneFunction(column, alone, columnType(expression), allocator));
  }

  private static DataType columnType(Expression expression) {
    return switch (expression) {
      case Expression.InputColumn(int _, DataType type) -> type.unwrapped();
      default -> columnType(changing(expression));
    };
  }

  /// The one argument that is no constant.
  private static Expression changing(Expression expression) {
    return expression.children().stream()
        .filter(child -> !(child instanceof Expression.Literal))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isMonotone(Expression expression) {
    if (expression instanceof Expression.InputColumn(int _, DataType type)) {
      return type.unwrapped() instanceof DataType.Int || isTime(type.unwrapped());
    }
    if (!(expression instanceof Expression.Call call)
        || call.function().stability() != BoundFunction.Stability.IMMUTABLE) {
      return false;
    }
    long open = call.arguments().stream().filter(a -> !(a instanceof Expression.Literal)).count();
    return open == 1 && isMonotone(call) && isMonotone(changing(call));
  }

  private static boolean isMonotone(Expression.Call call) {
    String name = call.function().name();
    Expression first = call.arguments().getFirst();
    DataType from = first.type().unwrapped();
    if (RISING.contains(name)) {
      return from instanceof DataType.Date
          || from instanceof DataType.DateTime
          || RISING_EVERYWHERE.contains(name) && isTime(from);
    }
    if (name.equals("negate")) {
      return true;
    }
    if (name.equals("CAST")) {
      return isOrderedCast(from, call.type().unwrapped());
    }
    if (!RISING_BY_CONSTANT.contains(name) || call.arguments().size() != 2) {
      return false;
    }
    boolean isPositive =
        call.arguments().get(1) instanceof Expression.Literal(Object by, DataType _)
            && by instanceof Number number
            && number.doubleValue() > 0;
    boolean isNumber =
        call.type().unwrapped() instanceof DataType.Int
            && changing(call).type().unwrapped() instanceof DataType.Int;
    return switch (name) {
      case "intDiv" -> isPositive && isNumber;
      case "minus" -> isNumber && first == changing(call);
      default -> isNumber;
    };
  }

  private static boolean isOrderedCast(DataType from, DataType to) {
    if (from instanceof DataType.Int(int fromBits, boolean fromSigned)
        && to instanceof DataType.Int(int toBits, boolean toSigned)) {
      return toSigned == fromSigned ? toBits >= fromBits : toSigned && toBits > fromBits;
    }
    // Other casts between times may begin anew beyond the end of the narrower type.
    return from instanceof DataType.Date
            && (to instanceof DataType.Date32 || to instanceof DataType.DateTime64)
        || from instanceof DataType.DateTime
            && (to instanceof DataType.Date || to instanceof DataType.DateTime64);
  }

  private static boolean isTime(DataType type) {
    return type instanceof DataType.Date
        || type instanceof DataType.Date32
        || type instanceof DataType.DateTime
        || type instanceof DataType.DateTime64;
  }

  private static Expression overFirst(Expression expression) {
    return switch (expression) {
      case Expression.InputColumn(int _, DataType type) ->
          new Expression.InputColumn(0, type.unwrapped());
      case Expression.Call call ->
          new Expression.Call(
              call.function(), call.arguments().stream().map(MonotoneFunction::overFirst).toList());
      default -> expression;
    };
  }

  /// The smallest and the greatest value over a range, raw; null where they are not known.
  Object[] range(Object min, Object max) {
    Object low = RawValues.value(min, input);
    Object high = RawValues.value(max, input);
    if (low == null || high == null) {
      return null;
    }
    try (Scratch scratch = new Scratch(allocator)) {
      Vector ends = VectorValues.of(input, scratch, low, high);
      Vector values = expression.evaluate(new Batch(2, List.of(ends)), scratch);
      Object first = raw(values, 0);
      Object second = raw(values, 1);
      if (first == null || second == null) {
        return null;
      }
      boolean rises = !isFalling();
      int order = Bound.compare(first, second, type());
      if (rises ? order > 0 : order < 0) {
        return null; // beyond the end of the type, where numbers begin anew
      }
      return rises ? new Object[] {first, second} : new Object[] {second, first};
    } catch (VarveException unknown) {
      return null; // the function fails at an end: the rows will say so
    }
  }

  private Object raw(Vector values, int row) {
    return values.isNull(row) ? null : RawValues.raw(VectorValues.get(values, row), type());
  }

  private boolean isFalling() {
    int turns = 0;
    Expression at = expression;
    while (at instanceof Expression.Call call) {
      turns += call.function().name().equals("negate") ? 1 : 0;
      at = changing(call);
    }
    return turns % 2 == 1;
  }
}
