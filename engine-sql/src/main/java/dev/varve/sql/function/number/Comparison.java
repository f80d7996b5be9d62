// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.function.number;

import dev.varve.merge.aggregate.ValueOrder;
import dev.varve.sql.expression.PredicateKernel;
import dev.varve.sql.function.definition.Argument;
import dev.varve.sql.function.definition.Arguments;
import dev.varve.sql.function.definition.ScalarFunction;
import dev.varve.sql.function.definition.ScalarFunction.Binding;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.Physical;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.List;

/// `equals, notEquals, less, greater, lessOrEquals, greaterOrEquals` of two values of one type.
///
/// Integers of any width and sign compare by value, decimals of any scale too; a number and a float
/// meet as doubles. For other mixed types the caller inserts a cast.
public final class Comparison {
  private Comparison() {}

  /// Which orders make a comparison true.
  enum Kind {
    EQUALS("equals", "="),
    NOT_EQUALS("notEquals", "<>"),
    LESS("less", "<"),
    GREATER("greater", ">"),
    LESS_OR_EQUALS("lessOrEquals", "<="),
    GREATER_OR_EQUALS("greaterOrEquals", ">=");

    final String function;
    final String sign;

    Kind(String function, String sign) {
      this.function = function;
      this.sign = sign;
    }

    boolean holds(int order) {
      return switch (this) {
        case EQUALS -> order == 0;
        case NOT_EQUALS -> order != 0;
        case LESS -> order < 0;
        case GREATER -> order > 0;
        case LESS_OR_EQUALS -> order <= 0;
        case GREATER_OR_EQUALS -> order >= 0;
      };
    }

    Kind swapped() {
      return switch (this) {
        case EQUALS, NOT_EQUALS -> this;
        case LESS -> GREATER;
        case GREATER -> LESS;
        case LESS_OR_EQUALS -> GREATER_OR_EQUALS;
        case GREATER_OR_EQUALS -> LESS_OR_EQUALS;
      };
    }
  }

  public static List<ScalarFunction> functions() {
    return java.util.Arrays.stream(Kind.values())
        .map(kind ->
            ScalarFunction.of(
                kind.function,
                kind.function + "(a, b)",
                "Whether a " + kind.sign + " b.",
                args -> bind(kind, args)))
        .toList();
  }

  private static Binding bind(Kind kind, List<Argument> args) {
    Arguments.count(kind.function, args, 2, 2);
    return new Binding(DataTypes.BOOL, kernel(kind, args.get(0).plain(), args.get(1).plain()));
  }

  static PredicateKernel kernel(Kind kind, DataType a, DataType b) {
    if (Arguments.isNumber(a) && Arguments.isNumber(b)) {
      if (a instanceof DataType.Float || b instanceof DataType.Float) {
        return (v, rows, scratch, mask) -> floats(kind, v.get(0), v.get(1), rows, scratch, mask);
      }
      int aScale = a instanceof DataType.Decimal d ? d.scale() : 0;
      int bScale = b instanceof DataType.Decimal d ? d.scale() : 0;
      return (v, rows, scratch, mask) ->
          exact(kind, v.get(0), aScale, v.get(1), bScale, rows, scratch, mask);
    }
    boolean sameOrder =
        a.getClass() == b.getClass()
            && !(a instanceof DataType.DateTime64 x
                && x.precision() != ((DataType.DateTime64) b).precision())
            && !(a instanceof DataType.Time64 && !a.equals(b));
    if (sameOrder && a.physical().isLong() && !(a instanceof DataType.Enumeration)) {
      return (v, rows, scratch, mask) -> exact(kind, v.get(0), 0, v.get(1), 0, rows, scratch, mask);
    }
    if (a instanceof DataType.Enumeration && a.equals(b)) {
      return (v, rows, scratch, mask) -> exact(kind, v.get(0), 0, v.get(1), 0, rows, scratch, mask);
    }
    boolean bytes =
        Arguments.isText(a) && Arguments.isText(b) || sameOrder && a.physical() == Physical.FIXED;
    if (bytes) {
      return (v, rows, scratch, mask) ->
          StringComparison.test(kind, v.get(0), v.get(1), rows, scratch, mask);
    }
    if (a.equals(b)) {
      return (v, rows, scratch, mask) -> {
        for (int i = 0; i < rows; i++) {
          if (!v.get(0).isNull(i) && !v.get(1).isNull(i)) {
            int order = ValueOrder.compare(v.get(0), i, v.get(1), i);
            mask[i >>> 6] |= kind.holds(order) ? 1L << i : 0;
          }
        }
      };
    }
    throw Arguments.illegal(kind.function, 1, b, a.name() + ", as the first");
  }

  private static void exact(
      Kind kind,
      Vector a,
      int aScale,
      Vector b,
      int bScale,
      int rows,
      Scratch scratch,
      long[] mask) {
    boolean narrow =
        aScale == bScale
            && a.physical().isLong()
            && b.physical().isLong()
            && isUnsigned64(a) == isUnsigned64(b);
    if (narrow) {
      LongComparison.test(kind, a, b, isUnsigned64(a), rows, scratch, mask);
      return;
    }
    if (aScale == bScale && WideComparison.fits(a, b)) {
      WideComparison.test(kind, a, b, rows, mask);
      return;
    }
    for (int i = 0; i < rows; i++) {
      if (!a.isNull(i) && !b.isNull(i)) {
        int order = ValueOrder.compareExact(a, i, aScale, b, i, bScale);
        mask[i >>> 6] |= kind.holds(order) ? 1L << i : 0;
      }
    }
  }

  private static boolean isUnsigned64(Vector vector) {
    return vector.physical() == Physical.INT64 && vector.type().isUnsigned();
  }

  private static void floats(
      Kind kind, Vector a, Vector b, int rows, Scratch scratch, long[] mask) {
    var x = Doubles.of(a, scratch);
    var y = Doubles.of(b, scratch);
    for (int i = 0; i < rows; i++) {
      double p = x.get(Vector.F64, i * 8L);
      double q = y.get(Vector.F64, i * 8L);
      boolean holds =
          switch (kind) {
            case EQUALS -> p == q;
            case NOT_EQUALS -> p != q;
            case LESS -> p < q;
            case GREATER -> p > q;
            case LESS_OR_EQUALS -> p <= q;
            case GREATER_OR_EQUALS -> p >= q;
          };
      mask[i >>> 6] |= holds ? 1L << i : 0;
    }
  }
}
