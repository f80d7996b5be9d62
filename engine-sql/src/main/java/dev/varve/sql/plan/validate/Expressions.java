// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.function.FunctionRegistry;
import dev.varve.sql.parse.DataTypeSpec;
import dev.varve.sql.parse.TotalsKey;
import dev.varve.sql.plan.PlanContext;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.calcite.sql.SqlAbstractDateTimeLiteral;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLambda;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlUnknownLiteral;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlLikeOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/// Rewrites expressions: names to columns, spellings of the grammar to calls of our functions.
/// Nothing of the given tree is changed.
final class Expressions {
  private final FunctionRegistry functions;
  private final Operators operators;
  private final BiFunction<SqlNode, Names, SqlNode> queries;
  private final Identifiers identifiers;
  private final Comparisons comparisons;
  private final FunctionCalls calls;
  private final WindowClauses windows;
  private final SessionZone zone;

  /// @param context tells what `currentDatabase()` and `currentUser()` are, and what settings say
  ///   of meanings
  /// @param queries rewrites a query inside an expression
  Expressions(
      FunctionRegistry functions,
      Operators operators,
      PlanContext context,
      BiFunction<SqlNode, Names, SqlNode> queries) {
    this.functions = functions;
    this.operators = operators;
    this.queries = queries;
    this.identifiers = new Identifiers(this, operators);
    this.comparisons = new Comparisons(this, operators, context, queries);
    this.calls = new FunctionCalls(functions, operators, context, this);
    this.zone = new SessionZone(context.dialect().zone());
    this.windows = new WindowClauses(this, calls, operators);
  }

  Operators operators() {
    return operators;
  }

  SessionZone zone() {
    return zone;
  }

  /// A value of a type without a zone as one in the session's.
  SqlNode inZone(DataType type, SqlNode value) {
    return operators.cast(zone.of(type), value.getParserPosition(), value);
  }

  /// A value that must be true or false.
  SqlNode condition(SqlNode node, Names names) {
    SqlNode value = rewrite(node, names);
    return isCondition(value)
        ? value
        : operators.truth.createCall(value.getParserPosition(), value);
  }

  private boolean isCondition(SqlNode node) {
    if (node instanceof SqlLiteral literal) {
      return literal.getTypeName() == SqlTypeName.BOOLEAN;
    }
    return switch (node.getKind()) {
      case AND, OR, NOT, IS_NULL, IS_NOT_NULL, IS_TRUE, IS_NOT_TRUE, IS_FALSE, IS_NOT_FALSE -> true;
      case IN, NOT_IN, EXISTS, SOME, ALL -> true;
      default ->
          operators.isComparison(node.getKind())
              || (node instanceof SqlCall call && call.getOperator() instanceof InListOperator);
    };
  }

  List<SqlNode> rewriteAll(List<? extends SqlNode> nodes, Names names) {
    List<SqlNode> rewritten = new ArrayList<>();
    for (SqlNode node : nodes) {
      if (node instanceof SqlIdentifier star && star.isStar()) {
        rewritten.addAll(identifiers.columnsOf(star, names));
      } else {
        rewritten.add(rewrite(node, names));
      }
    }
    return rewritten;
  }

  SqlNodeList rewriteList(SqlNodeList nodes, Names names) {
    return new SqlNodeList(rewriteAll(nodes.getList(), names), nodes.getParserPosition());
  }

  SqlNode rewrite(SqlNode node, Names names) {
    return switch (node) {
      case null -> null;
      case SqlIdentifier identifier -> identifiers.identifier(identifier, names);
      case SqlLiteral literal -> literal(literal);
      case SqlCase cases -> cases(cases, names);
      case SqlLambda lambda -> lambda(lambda, names);
      case SqlWindow window -> windows.window(window, names);
      case SqlNodeList list -> rewriteList(list, names);
      case SqlCall call -> call(call, names);
      default -> node;
    };
  }

  boolean isAggregate(String name) {
    return functions.isAggregate(name);
  }

  private SqlNode literal(SqlLiteral literal) {
    if (literal instanceof NumberLiteral) {
      return literal;
    }
    SqlParserPos position = literal.getParserPosition();
    if (literal instanceof SqlNumericLiteral number && number.isExact()) {
      return operators.number(number.bigDecimalValue(), position);
    }
    if (Intervals.isInterval(literal)) {
      return interval(literal, null);
    }
    if (literal instanceof SqlUnknownLiteral moment) {
      return moment(moment.tag, moment.getValue(), position);
    }
    if (literal instanceof SqlAbstractDateTimeLiteral moment) {
      return moment(moment.getTypeName().getName(), moment.toFormattedString(), position);
    }
    return literal;
  }

  // DATE '…', TIME '…' and TIMESTAMP '…': the narrowest type that holds the text.
  private SqlNode moment(String kind, String text, SqlParserPos position) {
    DataType type;
    if (kind.equals("DATE")) {
      boolean small = text.compareTo("1970-01-01") >= 0 && text.compareTo("2149-06-06") <= 0;
      type = small ? DataTypes.DATE : DataTypes.DATE32;
    } else if (kind.equals("TIME")) {
      int dot = text.indexOf('.');
      type = dot < 0 ? DataTypes.TIME : new DataType.Time64(Math.min(9, text.length() - dot - 1));
    } else {
      int dot = text.indexOf('.');
      boolean small = text.compareTo("1970-01-01") >= 0 && text.compareTo("2106-02-07") < 0;
      type =
          dot < 0 && small
              ? DataTypes.DATETIME
              : new DataType.DateTime64(dot < 0 ? 0 : Math.min(9, text.length() - dot - 1), "");
    }
    return operators.cast(zone.of(type), position, Operators.text(text, position));
  }

  /// An interval that is not added to anything is the number of its units.
  SqlNode interval(SqlNode interval, Names names) {
    return operators.cast(
        DataTypes.INT64,
        interval.getParserPosition(),
        rewrite(Intervals.amount(interval, operators), names));
  }

  private SqlNode cases(SqlCase cases, Names names) {
    List<SqlNode> conditions = new ArrayList<>();
    SqlNode value = cases.getValueOperand();
    for (SqlNode when : cases.getWhenOperands()) {
      conditions.add(
          value == null
              ? condition(when, names)
              : operators.compare(
                  SqlKind.EQUALS,
                  when.getParserPosition(),
                  rewrite(value, names),
                  rewrite(when, names)));
    }
    SqlParserPos position = cases.getParserPosition();
    return new SqlCase(
        position,
        null,
        new SqlNodeList(conditions, position),
        rewriteList(cases.getThenOperands(), names),
        rewrite(cases.getElseOperand(), names));
  }

  private SqlNode lambda(SqlLambda lambda, Names names) {
    List<String> added = new ArrayList<>();
    for (SqlNode parameter : lambda.getParameters()) {
      String name = ((SqlIdentifier) parameter).getSimple();
      if (names.addParameter(name)) {
        added.add(name);
      }
    }
    SqlNode body = rewrite(lambda.getExpression(), names);
    added.forEach(names::removeParameter);
    return new SqlLambda(lambda.getParserPosition(), lambda.getParameters(), body);
  }

  private SqlNode call(SqlCall call, Names names) {
    if (call instanceof TotalsKey key && names.isInAggregate()) {
      return rewrite(key.expression(), names);
    }
    boolean outermost = !names.isInAggregate() && aggregates(call);
    if (!outermost) {
      return byKind(call, names);
    }
    names.inAggregate(true);
    try {
      return byKind(call, names);
    } finally {
      names.inAggregate(false);
    }
  }

  private SqlNode byKind(SqlCall call, Names names) {
    SqlParserPos position = call.getParserPosition();
    SqlKind kind = call.getKind();
    if (operators.isComparison(kind)) {
      return comparisons.comparison(kind, call, names);
    }
    return switch (kind) {
      case SELECT, ORDER_BY -> queries.apply(TupleQueries.of(call), names);
      case UNION, INTERSECT, EXCEPT, WITH, VALUES -> queries.apply(call, names);
      case SCALAR_QUERY, EXISTS, UNIQUE, CURSOR, ARRAY_QUERY_CONSTRUCTOR -> onQueries(call, names);
      case AND, OR, NOT, IS_TRUE, IS_NOT_TRUE, IS_FALSE, IS_NOT_FALSE -> onConditions(call, names);
      case IN, NOT_IN -> comparisons.in(call, names);
      case BETWEEN -> comparisons.between(call, names);
      case PLUS, MINUS -> sum(call, names);
      case TIMES -> scalar("multiply", call, names);
      case DIVIDE -> scalar("divide", call, names);
      case MOD -> scalar("modulo", call, names);
      case MINUS_PREFIX -> negated(call, names);
      case PLUS_PREFIX -> rewrite(call.operand(0), names);
      case LIKE, RLIKE -> like(call, names);
      case CAST, SAFE_CAST -> cast(call, names);
      case EXTRACT ->
          operators.scalar(
              Intervals.extractor((SqlIntervalQualifier) call.operand(0)),
              position,
              rewrite(call.<SqlNode>operand(1), names));
      case INTERVAL -> interval(call, names);
      case ITEM -> scalar("arrayElement", call, names);
      case ARRAY_VALUE_CONSTRUCTOR -> scalar("array", call, names);
      case MAP_VALUE_CONSTRUCTOR -> scalar("map", call, names);
      case ROW ->
          call.operandCount() == 1 ? rewrite(call.operand(0), names) : scalar("tuple", call, names);
      case OVER -> windows.over(call, names);
      case RESPECT_NULLS, IGNORE_NULLS -> nullTreatment(kind, call, names);
      case WITHIN_GROUP -> rewrite(OrderedAggregates.plain(call, null), names);
      case FILTER -> filtered(call, names);
      case TRIM -> trim(call, names);
      case POSITION ->
          scalarOf("position", position, reversed(rewriteAll(call.getOperandList(), names)));
      case AS -> rewrite(call.operand(0), names);
      default -> function(call, names);
    };
  }

  private boolean aggregates(SqlCall call) {
    String name = call.getOperator().getName();
    int parenthesis = name.indexOf('(');
    return switch (call.getKind()) {
      case FILTER, WITHIN_GROUP, RESPECT_NULLS, IGNORE_NULLS -> true;
      default ->
          call.getOperator() instanceof SqlFunction
              && functions.isAggregate(parenthesis > 0 ? name.substring(0, parenthesis) : name);
    };
  }

  private static List<SqlNode> reversed(List<SqlNode> operands) {
    List<SqlNode> swapped = new ArrayList<>(operands);
    if (swapped.size() == 2) {
      swapped.addFirst(swapped.removeLast());
    }
    return swapped;
  }

  /// Of an aggregate: most skip NULLs anyway, and those that can keep them have a name for it.
  private SqlNode nullTreatment(SqlKind kind, SqlCall call, Names names) {
    SqlCall aggregate = call.operand(0);
    if (kind == SqlKind.IGNORE_NULLS) {
      return rewrite(aggregate, names);
    }
    SqlNode respecting = FunctionCalls.respectingNulls(aggregate);
    if (respecting == null) {
      throw Place.error(
          ErrorCode.BAD_ARGUMENTS,
          call.getParserPosition(),
          aggregate.getOperator().getName()
              + " takes no RESPECT NULLS; any, anyLast, first_value and last_value do");
    }
    return rewrite(respecting, names);
  }

  private SqlNode onQueries(SqlCall call, Names names) {
    return call.getOperator()
        .createCall(call.getParserPosition(), queries.apply(call.operand(0), names));
  }

  private SqlNode onConditions(SqlCall call, Names names) {
    List<SqlNode> operands = new ArrayList<>();
    for (SqlNode operand : call.getOperandList()) {
      operands.add(condition(operand, names));
    }
    return call.getOperator().createCall(call.getParserPosition(), operands);
  }

  private SqlNode sum(SqlCall call, Names names) {
    SqlNode left = call.operand(0);
    SqlNode right = call.operandCount() > 1 ? call.operand(1) : null;
    boolean plus = call.getKind() == SqlKind.PLUS;
    if (right != null && Intervals.isSum(right) && !Intervals.isSpan(left)) {
      return rewrite(Intervals.oneByOne(left, plus, (SqlCall) right), names);
    }
    if (plus && Intervals.isSum(left) && !Intervals.isSpan(right)) {
      return rewrite(Intervals.oneByOne(right, true, (SqlCall) left), names);
    }
    if (Intervals.isSum(call)) {
      Intervals.requireOneUnit(left, right);
    }
    if (plus && Intervals.isInterval(left) && !Intervals.isInterval(right)) {
      return sumWithInterval(right, left, true, call.getParserPosition(), names);
    }
    return right != null && Intervals.isInterval(right) && !Intervals.isInterval(left)
        ? sumWithInterval(left, right, plus, call.getParserPosition(), names)
        : scalar(plus ? "plus" : "minus", call, names);
  }

  private SqlNode sumWithInterval(
      SqlNode value, SqlNode interval, boolean plus, SqlParserPos position, Names names) {
    SqlNode amount = rewrite(Intervals.amount(interval, operators), names);
    return operators.scalar(
        (plus ? "add" : "subtract") + Intervals.plural(interval),
        position,
        rewrite(value, names),
        amount);
  }

  private SqlNode negated(SqlCall call, Names names) {
    SqlNode operand = rewrite(call.operand(0), names);
    if (operand instanceof NumberLiteral number) {
      BigDecimal value = number.bigDecimalValue();
      return operators.number(value.negate(), call.getParserPosition());
    }
    return operators.scalar("negate", call.getParserPosition(), operand);
  }

  private SqlNode like(SqlCall call, Names names) {
    SqlLikeOperator like = (SqlLikeOperator) call.getOperator();
    String function =
        call.getKind() == SqlKind.RLIKE ? "match" : like.isCaseSensitive() ? "like" : "ilike";
    SqlNode matches = scalar(function, call, names);
    return like.isNegated()
        ? SqlStdOperatorTable.NOT.createCall(
            call.getParserPosition(), operators.truth.createCall(SqlParserPos.ZERO, matches))
        : operators.truth.createCall(call.getParserPosition(), matches);
  }

  private SqlNode cast(SqlCall call, Names names) {
    SqlDataTypeSpec spec = call.operand(1);
    if (!(spec.getTypeNameSpec() instanceof DataTypeSpec ours)) {
      throw Place.error(
          ErrorCode.UNKNOWN_TYPE, spec.getParserPosition(), "unknown data type " + spec);
    }
    return operators.cast(
        zone.of(ours.type()), call.getParserPosition(), rewrite(call.<SqlNode>operand(0), names));
  }

  private SqlNode trim(SqlCall call, Names names) {
    if (call.operandCount() != 3) {
      return scalar("trimBoth", call, names);
    }
    String side = call.operand(0).toString();
    String function =
        side.equals("LEADING") ? "trimLeft" : side.equals("TRAILING") ? "trimRight" : "trimBoth";
    SqlNode text = rewrite(call.operand(2), names);
    boolean spaces =
        call.operand(1) instanceof SqlLiteral characters
            && " ".equals(characters.getValueAs(String.class));
    return spaces
        ? operators.scalar(function, call.getParserPosition(), text)
        : operators.scalar(
            function, call.getParserPosition(), text, rewrite(call.operand(1), names));
  }

  private SqlNode filtered(SqlCall call, Names names) {
    SqlNode ordered = OrderedAggregates.plain(call.operand(0), call.operand(1));
    if (ordered != null) {
      return rewrite(ordered, names);
    }
    return SqlStdOperatorTable.FILTER.createCall(
        call.getParserPosition(),
        rewrite(call.operand(0), names),
        condition(call.operand(1), names));
  }

  private SqlNode scalar(String name, SqlCall call, Names names) {
    return operators.scalar(
        name, call.getParserPosition(), rewriteAll(call.getOperandList(), names));
  }

  private SqlNode scalarOf(String name, SqlParserPos position, List<SqlNode> operands) {
    return operators.scalar(name, position, operands);
  }

  private SqlNode function(SqlCall call, Names names) {
    if (!(call.getOperator() instanceof SqlFunction)) {
      return otherOperator(call, names);
    }
    return calls.rewrite(call, names);
  }

  private SqlNode otherOperator(SqlCall call, Names names) {
    List<SqlNode> operands = rewriteAll(call.getOperandList(), names);
    if (call.getOperator().getName().equals("||")) {
      return operators.scalar("concat", call.getParserPosition(), operands);
    }
    if (call.getOperator().getName().equals("DIV")) {
      return operators.scalar("intDiv", call.getParserPosition(), operands);
    }
    SqlBasicCall copy = new SqlBasicCall(call.getOperator(), operands, call.getParserPosition());
    return copy;
  }
}
