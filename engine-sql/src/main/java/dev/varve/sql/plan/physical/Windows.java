// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.physical;

import dev.varve.sql.expression.Expression;
import dev.varve.sql.operator.AggregateCall;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.Sort;
import dev.varve.sql.operator.SortKey;
import dev.varve.sql.operator.Window;
import dev.varve.sql.operator.WindowCall;
import dev.varve.sql.operator.WindowFrame;
import dev.varve.sql.plan.validate.AggregateOperator;
import dev.varve.sql.plan.validate.InFrameOperator;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.rex.RexWindowBound;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;

/// A projection with window functions: what they read is computed first, then each partitioning and
/// order is sorted and run once for all functions over it, then the projection takes their results.
final class Windows {
  private final Physical physical;
  private final Calls calls;

  Windows(Physical physical, Calls calls) {
    this.physical = physical;
    this.calls = calls;
  }

  private record Spec(List<Integer> partition, List<SortKey> order) {}

  Operator of(Project project) {
    Operator input = physical.of(project.getInput());
    List<RexOver> overs = overs(project.getProjects());
    RowExpressions expressions = physical.expressions(project, input);
    List<Expression> columns = new ArrayList<>();
    for (int i = 0; i < input.types().size(); i++) {
      columns.add(new Expression.InputColumn(i, input.types().get(i)));
    }
    Map<Spec, Map<RexOver, WindowCall>> groups = new LinkedHashMap<>();
    for (RexOver over : overs) {
      Spec spec = spec(over.getWindow(), expressions, columns);
      groups
          .computeIfAbsent(spec, _ -> new LinkedHashMap<>())
          .put(over, call(over, spec, expressions, columns));
    }
    Operator current = Physical.projected(input, columns);
    Map<RexOver, Integer> places = new LinkedHashMap<>();
    for (Map.Entry<Spec, Map<RexOver, WindowCall>> group : groups.entrySet()) {
      for (RexOver over : group.getValue().keySet()) {
        places.put(over, current.types().size() + places(group.getValue(), over));
      }
      current = window(current, group.getKey(), List.copyOf(group.getValue().values()));
    }
    return Physical.projected(
        current,
        new RowExpressions(
                calls, project.getCluster().getRexBuilder(), current.types(), field -> field)
            .ofAll(replaced(project.getProjects(), places)));
  }

  private static int places(Map<RexOver, WindowCall> group, RexOver over) {
    return List.copyOf(group.keySet()).indexOf(over);
  }

  private static Operator window(Operator input, Spec spec, List<WindowCall> functions) {
    List<SortKey> keys = new ArrayList<>();
    spec.partition().forEach(column -> keys.add(new SortKey(column, false, false)));
    keys.addAll(spec.order());
    Operator sorted = keys.isEmpty() ? input : new Sort(input, keys, 0, -1);
    return new Window(sorted, spec.partition(), spec.order(), functions);
  }

  private static List<RexOver> overs(List<RexNode> projects) {
    Map<RexOver, Boolean> found = new LinkedHashMap<>();
    for (RexNode project : projects) {
      project.accept(
          new RexVisitorImpl<Void>(true) {
            @Override
            public Void visitOver(RexOver over) {
              found.put(over, true);
              return null;
            }
          });
    }
    return List.copyOf(found.keySet());
  }

  private static List<RexNode> replaced(List<RexNode> projects, Map<RexOver, Integer> places) {
    RexShuttle replace =
        new RexShuttle() {
          @Override
          public RexNode visitOver(RexOver over) {
            return new RexInputRef(places.get(over), over.getType());
          }
        };
    return replace.apply(projects);
  }

  private static Spec spec(RexWindow window, RowExpressions expressions, List<Expression> columns) {
    List<Integer> partition = new ArrayList<>();
    for (RexNode key : window.partitionKeys) {
      partition.add(column(expressions.of(key), columns));
    }
    List<SortKey> order = new ArrayList<>();
    for (RexFieldCollation key : window.orderKeys) {
      order.add(
          new SortKey(
              column(expressions.of(key.left), columns),
              key.getDirection().isDescending(),
              key.right.contains(SqlKind.NULLS_FIRST)));
    }
    return new Spec(partition, order);
  }

  private static int column(Expression expression, List<Expression> columns) {
    int at = columns.indexOf(expression);
    if (at >= 0) {
      return at;
    }
    columns.add(expression);
    return columns.size() - 1;
  }

  private WindowCall call(
      RexOver over, Spec spec, RowExpressions expressions, List<Expression> columns) {
    List<Expression> arguments = expressions.ofAll(over.getOperands());
    return switch (over.getAggOperator().getKind()) {
      case ROW_NUMBER -> new WindowCall.Rank(WindowCall.Rank.Kind.ROW_NUMBER);
      case RANK -> new WindowCall.Rank(WindowCall.Rank.Kind.RANK);
      case DENSE_RANK -> new WindowCall.Rank(WindowCall.Rank.Kind.DENSE_RANK);
      case PERCENT_RANK -> new WindowCall.Rank(WindowCall.Rank.Kind.PERCENT_RANK);
      case CUME_DIST -> new WindowCall.Rank(WindowCall.Rank.Kind.CUME_DIST);
      case NTILE -> new WindowCall.Ntile(atLeast("ntile", 1, number(arguments.getFirst())));
      case LAG -> shift(over, arguments, 1, columns);
      case LEAD -> shift(over, arguments, -1, columns);
      case FIRST_VALUE -> valueAt(over, arguments, 1, frame(over, spec, columns), columns);
      case LAST_VALUE -> valueAt(over, arguments, -1, frame(over, spec, columns), columns);
      case NTH_VALUE ->
          valueAt(
              over,
              arguments,
              atLeast("nth_value", 1, number(arguments.get(1))),
              frame(over, spec, columns),
              columns);
      default -> {
        WindowFrame frame = frame(over, spec, columns);
        yield over.getAggOperator() instanceof InFrameOperator inFrame
            ? shiftInFrame(inFrame, arguments, frame, columns)
            : aggregate(over, arguments, frame, columns);
      }
    };
  }

  private WindowCall shiftInFrame(
      InFrameOperator operator,
      List<Expression> given,
      WindowFrame frame,
      List<Expression> columns) {
    Expression value = given.getFirst();
    long distance = given.size() > 1 ? number(given.get(1)) : 1;
    Expression otherwise =
        given.size() > 2
            ? calls.cast(given.get(2), value.type())
            : new Expression.Literal(Defaults.of(value.type()), value.type());
    return new WindowCall.Shift(
        column(value, columns),
        operator.isLag() ? distance : -distance,
        column(otherwise, columns),
        false,
        frame,
        value.type());
  }

  private static long atLeast(String function, long least, long number) {
    if (number < least) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "the number that " + function + " takes must be at least " + least + ", found " + number);
    }
    return number;
  }

  private WindowCall shift(
      RexOver over, List<Expression> arguments, int sign, List<Expression> columns) {
    Expression value = arguments.getFirst();
    String name = over.getAggOperator().getName().toLowerCase(Locale.ROOT);
    long distance = arguments.size() > 1 ? atLeast(name, 0, number(arguments.get(1))) : 1;
    if (arguments.size() < 3) {
      return new WindowCall.Shift(
          column(value, columns),
          sign * distance,
          -1,
          over.ignoreNulls(),
          WindowFrame.WHOLE,
          DataTypes.nullable(value.type()));
    }
    DataType type = calls.commonType(List.of(value, arguments.get(2)));
    Expression otherwise = calls.cast(arguments.get(2), type);
    boolean nullable = value.type().isNullable() || otherwise.type().isNullable();
    return new WindowCall.Shift(
        column(calls.cast(value, type), columns),
        sign * distance,
        column(otherwise, columns),
        over.ignoreNulls(),
        WindowFrame.WHOLE,
        nullable ? DataTypes.nullable(type) : type);
  }

  private static WindowCall valueAt(
      RexOver over,
      List<Expression> arguments,
      long place,
      WindowFrame frame,
      List<Expression> columns) {
    Expression value = arguments.getFirst();
    return new WindowCall.ValueAt(
        column(value, columns), place, over.ignoreNulls(), frame, DataTypes.nullable(value.type()));
  }

  private WindowCall aggregate(
      RexOver over, List<Expression> arguments, WindowFrame frame, List<Expression> columns) {
    String name =
        switch (over.getAggOperator()) {
          case AggregateOperator ours -> ours.function();
          default -> over.getAggOperator().getName();
        };
    List<Object> parameters =
        over.getAggOperator() instanceof AggregateOperator ours ? ours.parameters() : List.of();
    List<DataType> types = arguments.stream().map(Expression::type).toList();
    List<Integer> places = arguments.stream().map(a -> column(a, columns)).toList();
    return new WindowCall.Aggregate(
        new AggregateCall(
            calls.functions().aggregate(name, parameters, types), places, -1, over.isDistinct()),
        frame);
  }

  private static WindowFrame frame(RexOver over, Spec spec, List<Expression> columns) {
    RexWindow window = over.getWindow();
    if (spec.order().isEmpty() && !window.isRows()) {
      return WindowFrame.WHOLE;
    }
    DataType ordered =
        window.isRows() || spec.order().size() != 1
            ? DataTypes.INT64
            : columns.get(spec.order().getFirst().column()).type().unwrapped();
    return new WindowFrame(
        window.isRows(),
        edge(window.getLowerBound(), ordered),
        edge(window.getUpperBound(), ordered),
        switch (window.getExclude()) {
          case EXCLUDE_NO_OTHER -> WindowFrame.Exclude.NONE;
          case EXCLUDE_CURRENT_ROW -> WindowFrame.Exclude.ROW;
          case EXCLUDE_GROUP -> WindowFrame.Exclude.GROUP;
          case EXCLUDE_TIES -> WindowFrame.Exclude.TIES;
        });
  }

  private static WindowFrame.Edge edge(RexWindowBound bound, DataType ordered) {
    if (bound.isUnbounded()) {
      return new WindowFrame.Edge.Unbounded();
    }
    if (bound.isCurrentRow()) {
      return new WindowFrame.Edge.Current();
    }
    if (bound.getOffset() instanceof RexLiteral literal
        && literal.getValue() instanceof BigDecimal distance) {
      BigDecimal before = bound.isPreceding() ? distance : distance.negate();
      return SqlTypeName.YEAR_INTERVAL_TYPES.contains(literal.getTypeName())
          ? new WindowFrame.Edge.MonthsBefore(before.longValue())
          : SqlTypeName.DAY_INTERVAL_TYPES.contains(literal.getTypeName())
              ? ofTime(before, ordered)
              : ofNumber(before, ordered);
    }
    throw new VarveException(
        ErrorCode.BAD_ARGUMENTS,
        "the distance of a window's frame is a constant number or interval");
  }

  private static WindowFrame.Edge ofNumber(BigDecimal distance, DataType ordered) {
    return switch (ordered) {
      case DataType.Float _ -> new WindowFrame.Edge.BeforeBy(distance.doubleValue());
      case DataType.Decimal(int _, int scale) -> whole(distance.movePointRight(scale));
      default -> whole(distance);
    };
  }

  private static WindowFrame.Edge ofTime(BigDecimal milliseconds, DataType ordered) {
    return switch (ordered) {
      case DataType.Date _, DataType.Date32 _ ->
          whole(milliseconds.divide(BigDecimal.valueOf(86_400_000), MathContext.DECIMAL64));
      case DataType.DateTime _ -> whole(milliseconds.movePointLeft(3));
      case DataType.DateTime64(int precision, String _) ->
          whole(milliseconds.movePointRight(precision - 3));
      default ->
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS,
              "an interval as distance needs ORDER BY of a date or a time, found "
                  + ordered.name());
    };
  }

  private static WindowFrame.Edge whole(BigDecimal distance) {
    try {
      return new WindowFrame.Edge.Before(distance.longValueExact());
    } catch (ArithmeticException e) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "the distance of a window's frame is no whole number in the units of its ORDER BY",
          e);
    }
  }

  private static long number(Expression constant) {
    if (constant instanceof Expression.Literal(Object value, DataType _)
        && value instanceof Number number) {
      return number.longValue();
    }
    throw new VarveException(
        ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
        "the distance of a window function is a constant number, found " + constant);
  }
}
