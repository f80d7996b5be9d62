// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.function.FunctionRegistry;
import dev.varve.sql.parse.DataTypeSpec;
import dev.varve.sql.parse.StarMarks;
import dev.varve.sql.plan.PlanContext;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.calcite.sql.SqlAbstractDateTimeLiteral;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLambda;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlUnknownLiteral;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.SqlUtil;
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
  private final PlanContext context;
  private final BiFunction<SqlNode, Names, SqlNode> queries;

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
    this.context = context;
    this.queries = queries;
  }

  Operators operators() {
    return operators;
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
        rewritten.addAll(columnsOf(star, names));
      } else {
        rewritten.add(rewrite(node, names));
      }
    }
    return rewritten;
  }

  /// The columns that `*` or `t.*` stands for among the arguments of a function.
  private List<SqlNode> columnsOf(SqlIdentifier star, Names names) {
    List<SqlNode> columns = new ArrayList<>();
    SqlParserPos position = star.getParserPosition();
    for (Names.Source source : names.sources()) {
      if (star.names.size() > 1 && !star.names.get(star.names.size() - 2).equals(source.alias())) {
        continue;
      }
      for (String column : source.starred()) {
        columns.add(new SqlIdentifier(List.of(source.alias(), column), position));
      }
    }
    if (names.sources().isEmpty()) {
      columns.add(rewrite(new SqlIdentifier("dummy", position), names));
    }
    return columns;
  }

  SqlNodeList rewriteList(SqlNodeList nodes, Names names) {
    return new SqlNodeList(rewriteAll(nodes.getList(), names), nodes.getParserPosition());
  }

  SqlNode rewrite(SqlNode node, Names names) {
    return switch (node) {
      case null -> null;
      case SqlIdentifier identifier -> identifier(identifier, names);
      case SqlLiteral literal -> literal(literal);
      case SqlCase cases -> cases(cases, names);
      case SqlLambda lambda -> lambda(lambda, names);
      case SqlWindow window -> window(window, names);
      case SqlNodeList list -> rewriteList(list, names);
      case SqlCall call -> call(call, names);
      default -> node;
    };
  }

  private SqlNode identifier(SqlIdentifier identifier, Names names) {
    if (identifier.isStar()) {
      return identifier;
    }
    SqlParserPos position = identifier.getParserPosition();
    if (!identifier.isSimple()) {
      return compound(identifier, names);
    }
    String name = identifier.getSimple();
    if (names.isParameter(name)) {
      return identifier;
    }
    if (names.applied(name).isPresent()) {
      return names.applied(name).get();
    }
    for (Names at = names; at != null; at = at.outer()) {
      Optional<String> column = at.column(name);
      if (column.isPresent()) {
        // Quoted: a column that is called "user" is not the function of the standard.
        return at.isShared(column.get())
            ? new SqlIdentifier(List.of(at.sourceOf(column.get()).alias(), column.get()), position)
            : new SqlIdentifier(
                List.of(column.get()), null, position, List.of(position.withQuoting(true)));
      }
      Optional<SqlNode> alias = at == names ? at.alias(name) : Optional.empty();
      if (alias.isPresent()) {
        String spelled = at.aliasName(name).orElseThrow();
        at.startExpanding(spelled);
        SqlNode expression = rewrite(alias.get(), names);
        at.endExpanding(spelled);
        return expression;
      }
    }
    if (name.equalsIgnoreCase("nan") || name.equalsIgnoreCase("inf")) {
      return operators.cast(
          DataTypes.FLOAT64, position, Operators.text(name.toLowerCase(Locale.ROOT), position));
    }
    if (name.equals("dummy") && names.sources().isEmpty()) {
      return operators.number(0, position);
    }
    return spelledFunction(identifier)
        .map(call -> rewrite(call, names))
        .orElseThrow(() -> unknown(identifier, names));
  }

  /// `CURRENT_DATE` and its like need no parentheses.
  private static Optional<SqlNode> spelledFunction(SqlIdentifier name) {
    String function =
        switch (name.getSimple().toUpperCase(Locale.ROOT)) {
          case "CURRENT_DATE" -> "today";
          case "CURRENT_TIMESTAMP", "LOCALTIMESTAMP" -> "now";
          case "CURRENT_SCHEMA", "CURRENT_CATALOG" -> "currentDatabase";
          case "CURRENT_USER", "SESSION_USER", "USER" -> "currentUser";
          default -> "";
        };
    return function.isEmpty() || name.isComponentQuoted(0)
        ? Optional.empty()
        : Optional.of(StarMarks.call(function, List.of()));
  }

  boolean isAggregate(String name) {
    return functions.isAggregate(name);
  }

  // table.column, database.table.column, a column whose name has a dot, a field of a tuple, or
  // what a column of another type has: n.null, array.size0, map.keys, map.values.
  private SqlNode compound(SqlIdentifier identifier, Names names) {
    SqlParserPos position = identifier.getParserPosition();
    List<String> parts = identifier.names;
    Optional<String> moved = names.redirected(String.join(".", parts));
    if (moved.isPresent()) {
      return new SqlIdentifier(List.of(names.sources().getFirst().alias(), moved.get()), position);
    }
    Optional<String> dotted = names.column(String.join(".", parts));
    if (dotted.isPresent()) {
      return new SqlIdentifier(dotted.get(), position);
    }
    for (int skip = parts.size() > 2 ? 1 : 0; skip >= 0; skip--) {
      Optional<Names.Source> source = names.source(parts.get(skip));
      if (source.isPresent() && (skip == 0 || source.get().database().equals(parts.getFirst()))) {
        return columnOf(source.get(), identifier, skip + 1);
      }
    }
    Optional<Names.Source> original =
        parts.size() > 2
            ? names.originalSource(parts.get(0) + "." + parts.get(1))
            : Optional.empty();
    if (original.isPresent()) {
      return columnOf(original.get(), identifier, 2);
    }
    Optional<String> tuple = names.column(parts.getFirst());
    if (tuple.isPresent() || names.isParameter(parts.getFirst())) {
      return fields(
          new SqlIdentifier(tuple.orElse(parts.getFirst()), position), parts, 1, position);
    }
    throw unknown(identifier, names);
  }

  private SqlNode columnOf(Names.Source source, SqlIdentifier identifier, int from) {
    List<String> parts = identifier.names;
    for (int to = parts.size(); to > from; to--) {
      String wanted = String.join(".", parts.subList(from, to));
      Optional<String> column = Names.match(wanted, source.columns());
      if (column.isPresent()) {
        SqlNode found =
            new SqlIdentifier(
                List.of(source.alias(), column.get()), identifier.getParserPosition());
        return fields(found, parts, to, identifier.getParserPosition());
      }
    }
    String wanted = String.join(".", parts.subList(from, parts.size()));
    throw Place.error(
        ErrorCode.UNKNOWN_IDENTIFIER,
        identifier.getParserPosition(),
        "no column \""
            + wanted
            + "\" in \""
            + source.alias()
            + "\""
            + NearNames.suggest(wanted, source.columns()));
  }

  private SqlNode fields(SqlNode value, List<String> parts, int from, SqlParserPos position) {
    SqlNode result = value;
    for (String field : parts.subList(from, parts.size())) {
      result =
          switch (field) {
            case "null" -> operators.scalar("isNull", position, result);
            case "size0" -> operators.scalar("length", position, result);
            default ->
                operators.scalar("tupleElement", position, result, Operators.text(field, position));
          };
    }
    return result;
  }

  private static RuntimeException unknown(SqlIdentifier identifier, Names names) {
    String wanted = String.join(".", identifier.names);
    return Place.error(
        ErrorCode.UNKNOWN_IDENTIFIER,
        identifier.getParserPosition(),
        "no column \"" + wanted + "\"" + NearNames.suggest(wanted, names.known()));
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

  // DATE '…' and TIMESTAMP '…': the narrowest type that holds the text.
  private SqlNode moment(String kind, String text, SqlParserPos position) {
    DataType type;
    if (kind.equals("DATE")) {
      boolean small = text.compareTo("1970-01-01") >= 0 && text.compareTo("2149-06-06") <= 0;
      type = small ? DataTypes.DATE : DataTypes.DATE32;
    } else {
      int dot = text.indexOf('.');
      boolean small = text.compareTo("1970-01-01") >= 0 && text.compareTo("2106-02-07") < 0;
      type =
          dot < 0 && small
              ? DataTypes.DATETIME
              : new DataType.DateTime64(dot < 0 ? 0 : Math.min(9, text.length() - dot - 1), "");
    }
    return operators.cast(type, position, Operators.text(text, position));
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

  private SqlWindow window(SqlWindow given, Names names) {
    SqlWindow copy = resolved(given, names);
    copy.setOperand(0, null);
    copy.setOperand(2, rewriteList(copy.getPartitionList(), names));
    copy.setOperand(3, rewriteList(copy.getOrderList(), names));
    copy.setLowerBound(bound(copy.getLowerBound()));
    copy.setUpperBound(bound(copy.getUpperBound()));
    return copy;
  }

  // The window that it builds on gives what it does not say itself.
  private static SqlWindow resolved(SqlWindow window, Names names) {
    SqlWindow copy = (SqlWindow) window.clone(window.getParserPosition());
    if (window.getRefName() == null) {
      return copy;
    }
    SqlWindow base = resolved(named(window.getRefName(), names), names);
    copy.setOperand(1, null);
    if (window.getPartitionList().isEmpty()) {
      copy.setOperand(2, base.getPartitionList());
    }
    if (window.getOrderList().isEmpty()) {
      copy.setOperand(3, base.getOrderList());
    }
    if (window.getLowerBound() == null) {
      copy.setRows(SqlLiteral.createBoolean(base.isRows(), window.getParserPosition()));
      copy.setLowerBound(base.getLowerBound());
      copy.setUpperBound(base.getUpperBound());
    }
    return copy;
  }

  private static SqlWindow named(SqlIdentifier name, Names names) {
    return names
        .window(name.getSimple())
        .orElseThrow(() ->
            Place.error(
                ErrorCode.BAD_ARGUMENTS,
                name.getParserPosition(),
                "no window \""
                    + name.getSimple()
                    + "\" in the WINDOW clause"
                    + NearNames.suggest(name.getSimple(), names.windows())));
  }

  // `INTERVAL 2 DAY PRECEDING`: the distance of a frame is a constant, which the planner keeps.
  private SqlNode bound(SqlNode bound) {
    if (!(bound instanceof SqlCall call) || !Intervals.isInterval(call.operand(0))) {
      return bound;
    }
    SqlNode interval = call.operand(0);
    SqlParserPos position = interval.getParserPosition();
    if (!(rewrite(Intervals.amount(interval, operators), null)
        instanceof SqlNumericLiteral amount)) {
      throw Place.error(
          ErrorCode.BAD_ARGUMENTS, position, "the distance of a window's frame is a constant");
    }
    return call.getOperator()
        .createCall(
            bound.getParserPosition(),
            SqlLiteral.createInterval(
                1, amount.toValue(), Intervals.qualifier(interval), position));
  }

  private SqlNode call(SqlCall call, Names names) {
    SqlParserPos position = call.getParserPosition();
    SqlKind kind = call.getKind();
    if (operators.isComparison(kind)) {
      return comparison(kind, call, names);
    }
    return switch (kind) {
      case SELECT, UNION, INTERSECT, EXCEPT, WITH, ORDER_BY, VALUES -> queries.apply(call, names);
      case SCALAR_QUERY, EXISTS, UNIQUE, CURSOR, ARRAY_QUERY_CONSTRUCTOR -> onQueries(call, names);
      case AND, OR, NOT, IS_TRUE, IS_NOT_TRUE, IS_FALSE, IS_NOT_FALSE -> onConditions(call, names);
      case IN, NOT_IN -> in(call, names);
      case BETWEEN -> between(call, names);
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
      case OVER -> over(call, names);
      case WITHIN_GROUP -> rewrite(OrderedAggregates.plain(call, null), names);
      case FILTER -> filtered(call, names);
      case TRIM -> trim(call, names);
      case POSITION ->
          scalarOf("position", position, reversed(rewriteAll(call.getOperandList(), names)));
      case AS -> rewrite(call.operand(0), names);
      default -> function(call, names);
    };
  }

  private static List<SqlNode> reversed(List<SqlNode> operands) {
    List<SqlNode> swapped = new ArrayList<>(operands);
    if (swapped.size() == 2) {
      swapped.addFirst(swapped.removeLast());
    }
    return swapped;
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

  private SqlNode comparison(SqlKind kind, SqlCall call, Names names) {
    SqlNode left = call.operand(0);
    SqlNode right = call.operand(1);
    SqlParserPos position = call.getParserPosition();
    if (left.getKind() == SqlKind.ROW
        && right.getKind() == SqlKind.ROW
        && (kind == SqlKind.EQUALS || kind == SqlKind.NOT_EQUALS)) {
      SqlNode equal =
          rowsEqual(((SqlCall) left).getOperandList(), ((SqlCall) right).getOperandList(), names);
      return kind == SqlKind.EQUALS ? equal : SqlStdOperatorTable.NOT.createCall(position, equal);
    }
    return operators.compare(kind, position, rewrite(left, names), rewrite(right, names));
  }

  private SqlNode rowsEqual(List<SqlNode> left, List<SqlNode> right, Names names) {
    SqlParserPos position = left.getFirst().getParserPosition();
    if (left.size() != right.size()) {
      throw Place.error(
          ErrorCode.TYPE_MISMATCH,
          position,
          "a row of " + left.size() + " values cannot equal one of " + right.size());
    }
    List<SqlNode> equal = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      equal.add(
          operators.compare(
              SqlKind.EQUALS, position, rewrite(left.get(i), names), rewrite(right.get(i), names)));
    }
    return equal.size() == 1
        ? equal.getFirst()
        : SqlStdOperatorTable.AND.createCall(position, equal);
  }

  private SqlNode in(SqlCall call, Names names) {
    SqlParserPos position = call.getParserPosition();
    SqlNode left = call.operand(0);
    if (!(call.operand(1) instanceof SqlNodeList list)) {
      SqlNode query = queries.apply(call.operand(1), names);
      return call.getOperator().createCall(position, keys(left, names), query);
    }
    SqlNode matches = inList(left, list, position, names);
    return call.getKind() == SqlKind.IN
        ? matches
        : SqlStdOperatorTable.NOT.createCall(position, matches);
  }

  // The left side of IN (query) stays a row, which the validator splits into columns.
  private SqlNode keys(SqlNode left, Names names) {
    if (left.getKind() != SqlKind.ROW) {
      return rewrite(left, names);
    }
    return SqlStdOperatorTable.ROW.createCall(
        left.getParserPosition(), rewriteAll(((SqlCall) left).getOperandList(), names));
  }

  private SqlNode inList(SqlNode left, SqlNodeList list, SqlParserPos position, Names names) {
    if (left.getKind() == SqlKind.ROW) {
      List<SqlNode> matches = new ArrayList<>();
      for (SqlNode row : list) {
        List<SqlNode> values =
            row.getKind() == SqlKind.ROW ? ((SqlCall) row).getOperandList() : List.of(row);
        matches.add(rowsEqual(((SqlCall) left).getOperandList(), values, names));
      }
      return any(matches, position);
    }
    List<SqlNode> values = rewriteAll(list.getList(), names);
    if (context.dialect().nullsInSets() && values.stream().anyMatch(SqlUtil::isNull)) {
      return inListWithNull(left, values, position, names);
    }
    if (values.stream().allMatch(Expressions::isConstant)) {
      values.addFirst(rewrite(left, names));
      return operators.inList.createCall(position, values);
    }
    List<SqlNode> matches = new ArrayList<>();
    for (SqlNode value : values) {
      matches.add(operators.compare(SqlKind.EQUALS, position, rewrite(left, names), value));
    }
    return any(matches, position);
  }

  private SqlNode inListWithNull(
      SqlNode left, List<SqlNode> values, SqlParserPos position, Names names) {
    List<SqlNode> matches = new ArrayList<>();
    for (SqlNode value : values) {
      matches.add(
          operators.compare(SqlKind.IS_NOT_DISTINCT_FROM, position, rewrite(left, names), value));
    }
    return any(matches, position);
  }

  private static SqlNode any(List<SqlNode> conditions, SqlParserPos position) {
    SqlNode result = conditions.getFirst();
    for (SqlNode condition : conditions.subList(1, conditions.size())) {
      result = SqlStdOperatorTable.OR.createCall(position, result, condition);
    }
    return result;
  }

  private static boolean isConstant(SqlNode node) {
    return node instanceof SqlLiteral
        || (node instanceof SqlCall call
            && (call.getOperator() instanceof ScalarOperator
                || call.getOperator() instanceof CastOperator)
            && call.getOperandList().stream().allMatch(Expressions::isConstant));
  }

  private SqlNode between(SqlCall call, Names names) {
    SqlParserPos position = call.getParserPosition();
    SqlNode low =
        operators.compare(
            SqlKind.GREATER_THAN_OR_EQUAL,
            position,
            rewrite(call.operand(0), names),
            rewrite(call.operand(1), names));
    SqlNode high =
        operators.compare(
            SqlKind.LESS_THAN_OR_EQUAL,
            position,
            rewrite(call.operand(0), names),
            rewrite(call.operand(2), names));
    SqlNode both = SqlStdOperatorTable.AND.createCall(position, low, high);
    return call.getOperator().getName().startsWith("NOT")
        ? SqlStdOperatorTable.NOT.createCall(position, both)
        : both;
  }

  private SqlNode sum(SqlCall call, Names names) {
    SqlNode left = call.operand(0);
    SqlNode right = call.operandCount() > 1 ? call.operand(1) : null;
    boolean plus = call.getKind() == SqlKind.PLUS;
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
        ours.type(), call.getParserPosition(), rewrite(call.<SqlNode>operand(0), names));
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

  private SqlNode over(SqlCall call, Names names) {
    SqlNode function =
        new FunctionCalls(functions, operators, context, this)
            .windowFunction(filterAsIf(call.operand(0)), names);
    return SqlStdOperatorTable.OVER.createCall(
        call.getParserPosition(), function, rewriteWindow(call.operand(1), names));
  }

  // Over a window, `f(x) FILTER (WHERE c)` is `fIf(x, c)`.
  private static SqlNode filterAsIf(SqlNode function) {
    if (function.getKind() != SqlKind.FILTER) {
      return function;
    }
    SqlCall filter = (SqlCall) function;
    SqlCall aggregate = filter.operand(0);
    List<SqlNode> operands = new ArrayList<>(aggregate.getOperandList());
    operands.removeIf(operand -> operand instanceof SqlIdentifier star && star.isStar());
    operands.add(filter.operand(1));
    return new SqlUnresolvedFunction(
            new SqlIdentifier(
                aggregate.getOperator().getName() + "If", aggregate.getParserPosition()),
            null,
            null,
            null,
            null,
            SqlFunctionCategory.USER_DEFINED_FUNCTION)
        .createCall(
            aggregate.getFunctionQuantifier(),
            filter.getParserPosition(),
            operands.toArray(new SqlNode[0]));
  }

  private SqlNode rewriteWindow(SqlNode window, Names names) {
    return window(
        window instanceof SqlIdentifier name ? named(name, names) : (SqlWindow) window, names);
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
    return new FunctionCalls(functions, operators, context, this).rewrite(call, names);
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
