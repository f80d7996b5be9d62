// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.function.FunctionRegistry;
import dev.varve.sql.parse.StarMarks;
import dev.varve.sql.parse.StatementParser;
import dev.varve.sql.plan.PlanContext;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.type.UnknownTypeException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLambda;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSelectKeyword;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.NlsString;

/// Finds what a name followed by parentheses calls: a scalar function, an aggregate, a function of
/// windows.
final class FunctionCalls {
  private static final Map<String, SqlOperator> WINDOW_FUNCTIONS =
      Map.ofEntries(
          Map.entry("row_number", SqlStdOperatorTable.ROW_NUMBER),
          Map.entry("rank", SqlStdOperatorTable.RANK),
          Map.entry("dense_rank", SqlStdOperatorTable.DENSE_RANK),
          Map.entry("denserank", SqlStdOperatorTable.DENSE_RANK),
          Map.entry("percent_rank", SqlStdOperatorTable.PERCENT_RANK),
          Map.entry("percentrank", SqlStdOperatorTable.PERCENT_RANK),
          Map.entry("cume_dist", SqlStdOperatorTable.CUME_DIST),
          Map.entry("ntile", SqlStdOperatorTable.NTILE),
          Map.entry("lag", SqlStdOperatorTable.LAG),
          Map.entry("lead", SqlStdOperatorTable.LEAD),
          Map.entry("first_value", SqlStdOperatorTable.FIRST_VALUE),
          Map.entry("last_value", SqlStdOperatorTable.LAST_VALUE),
          Map.entry("nth_value", SqlStdOperatorTable.NTH_VALUE));

  // Spellings that the grammar turns into operators of their own.
  private static final Map<String, String> SPELLINGS =
      Map.ofEntries(
          Map.entry("CURRENT_DATE", "today"),
          Map.entry("CURRENT_TIMESTAMP", "now"),
          Map.entry("LOCALTIMESTAMP", "now"),
          Map.entry("CHARACTER_LENGTH", "char_length"),
          Map.entry("CEILING", "ceil"),
          Map.entry("ARRAY_AGG", "array_agg"),
          Map.entry("STRING_AGG", "string_agg"),
          Map.entry("GROUP_CONCAT", "groupConcat"),
          Map.entry("group_concat", "groupConcat"),
          Map.entry("LISTAGG", "string_agg"),
          Map.entry("listagg", "string_agg"),
          Map.entry("ARRAY_CONCAT_AGG", "groupArrayArray"),
          Map.entry("TRUNCATE", "trunc"),
          Map.entry("toDateTime32", "toDateTime"),
          Map.entry("indexOfAssumeSorted", "indexOf"),
          Map.entry("flatten", "arrayFlatten"),
          Map.entry("DATE", "toDate"),
          Map.entry("caseWithoutExpression", "multiIf"),
          Map.entry("caseWithoutExpr", "multiIf"));

  private static final Set<String> CURRENT_DATABASE =
      Set.of("currentdatabase", "current_database", "current_schema", "database", "schema");

  private static final Set<String> CURRENT_USER =
      Set.of(
          "currentuser", "user", "current_user", "session_user", "authenticateduser", "authuser");

  private final FunctionRegistry functions;
  private final Operators operators;
  private final PlanContext context;
  private final Expressions expressions;

  FunctionCalls(
      FunctionRegistry functions,
      Operators operators,
      PlanContext context,
      Expressions expressions) {
    this.functions = functions;
    this.operators = operators;
    this.context = context;
    this.expressions = expressions;
  }

  /// What stands before OVER.
  SqlNode windowFunction(SqlNode function, Names names) {
    if (function.getKind() == SqlKind.IGNORE_NULLS || function.getKind() == SqlKind.RESPECT_NULLS) {
      SqlCall call = (SqlCall) function;
      return call.getOperator()
          .createCall(call.getParserPosition(), windowFunction(call.operand(0), names));
    }
    SqlOperator window =
        function instanceof SqlCall call
            ? WINDOW_FUNCTIONS.get(call.getOperator().getName().toLowerCase(Locale.ROOT))
            : null;
    return window == null
        ? expressions.rewrite(function, names)
        : window.createCall(
            function.getParserPosition(),
            expressions.rewriteAll(((SqlCall) function).getOperandList(), names));
  }

  /// The aggregate of `any(x) RESPECT NULLS`, or null where there is none that keeps NULLs.
  static SqlNode respectingNulls(SqlCall call) {
    String name =
        switch (call.getOperator().getName().toLowerCase(Locale.ROOT)) {
          case "any", "any_value", "first_value" -> "any_respect_nulls";
          case "anylast", "last_value" -> "anyLast_respect_nulls";
          default -> null;
        };
    return name == null ? null : StarMarks.call(name, call.getOperandList());
  }

  SqlNode rewrite(SqlCall call, Names names) {
    String written = call.getOperator().getName();
    String name = SPELLINGS.getOrDefault(written, written);
    SqlParserPos position = call.getParserPosition();
    SqlNode inZone = expressions.zone().call(name, call);
    if (inZone != null) {
      return expressions.rewrite(inZone, names);
    }
    SqlNode ordered = OrderedAggregates.plain(call, null);
    if (ordered != null) {
      return expressions.rewrite(ordered, names);
    }
    String texts = OrderedAggregates.joiningTexts(name);
    if (texts != null
        && call.operandCount() == 2
        && call.operand(1) instanceof SqlLiteral separator
        && separator.getValue() instanceof NlsString text) {
      SqlNode operand = expressions.rewrite(call.operand(0), names);
      return operators
          .aggregate(texts, List.of(text.getValue()))
          .createCall(call.getFunctionQuantifier(), position, operand);
    }
    if (texts != null && call.operandCount() == 1) {
      return aggregate(texts, List.of(), call, names);
    }
    if (name.equalsIgnoreCase("cast") && call.operandCount() == 2) {
      return castTo(call, names);
    }
    if (name.equalsIgnoreCase("count") && call.operandCount() <= 1) {
      return count(call, names);
    }
    if (name.equals("arrayJoin") && call.operandCount() == 1) {
      return operators.unnest(position, expressions.rewrite(call.operand(0), names));
    }
    if (Intervals.isInterval(call)) {
      return expressions.interval(call, names);
    }
    if (name.equals("toTypeName")
        && call.operandCount() == 1
        && Intervals.isInterval(call.operand(0))) {
      String plural = Intervals.plural(call.<SqlNode>operand(0));
      return Operators.text("Interval" + plural.substring(0, plural.length() - 1), position);
    }
    if (CURRENT_DATABASE.contains(name.toLowerCase(Locale.ROOT)) && call.operandCount() == 0) {
      return Operators.text(context.database(), position);
    }
    if (CURRENT_USER.contains(name.toLowerCase(Locale.ROOT)) && call.operandCount() == 0) {
      return Operators.text(context.user(), position);
    }
    if (name.equals("indexHint")) {
      // Its argument must be valid, and says nothing of rows.
      expressions.rewriteAll(call.getOperandList(), names);
      return operators.number(BigDecimal.ONE, position);
    }
    if (name.equals("hasColumnInTable")) {
      return ColumnQuestions.of(call, context, operators);
    }
    if (name.equalsIgnoreCase("grouping")) {
      return SqlStdOperatorTable.GROUPING.createCall(
          position, expressions.rewriteAll(call.getOperandList(), names));
    }
    // Those that are aggregates as well (`first_value`) come here without OVER.
    SqlOperator window = WINDOW_FUNCTIONS.get(name.toLowerCase(Locale.ROOT));
    if (window != null && !functions.isAggregate(name)) {
      return window.createCall(position, expressions.rewriteAll(call.getOperandList(), names));
    }
    if (name.equalsIgnoreCase("lagInFrame") || name.equalsIgnoreCase("leadInFrame")) {
      return operators
          .inFrame(name.equalsIgnoreCase("lagInFrame"))
          .createCall(position, expressions.rewriteAll(call.getOperandList(), names));
    }
    if (name.equals("joinGet") || name.equals("joinGetOrNull")) {
      return expressions.rewrite(JoinGet.of(call, context), names);
    }
    if (Dictionaries.is(name)) {
      return expressions.rewrite(Dictionaries.of(call, context), names);
    }
    if (name.equals("getSetting") || name.equals("getSettingOrDefault")) {
      return expressions.rewrite(SettingValues.of(call, context), names);
    }
    SqlNode ofTime = TimeCalls.rewrite(name, call, operators, expressions, names);
    if (ofTime != null) {
      return ofTime;
    }
    int parenthesis = name.indexOf('(');
    if (parenthesis > 0 && name.endsWith(")")) {
      String function = name.substring(0, parenthesis);
      if (!functions.isAggregate(function)) {
        throw unknown(function, position);
      }
      String parameters = name.substring(parenthesis + 1, name.length() - 1);
      return aggregate(function, Parameters.parse(parameters), call, names);
    }
    if (functions.isAggregate(name)) {
      return aggregate(name, List.of(), call, names);
    }
    if (!functions.isScalar(name)) {
      return byUsers(name, call, names);
    }
    SqlNode value =
        operators.scalar(name, position, expressions.rewriteAll(call.getOperandList(), names));
    return name.equals("toTypeName") ? expressions.zone().typeName(value, operators) : value;
  }

  /// A function that users made of an expression: the expression, over the arguments.
  private SqlNode byUsers(String name, SqlCall call, Names names) {
    Optional<String> lambda = context.catalog().function(name);
    if (lambda.isEmpty()) {
      throw unknown(name, call.getParserPosition());
    }
    SqlLambda made = StatementParser.parseLambda(lambda.get());
    List<String> parameters =
        made.getParameters().stream().map(p -> ((SqlIdentifier) p).getSimple()).toList();
    if (parameters.size() != call.operandCount()) {
      throw Place.error(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          call.getParserPosition(),
          name + " takes " + parameters.size() + " arguments, found " + call.operandCount());
    }
    List<SqlNode> arguments = expressions.rewriteAll(call.getOperandList(), names);
    List<Optional<SqlNode>> before = parameters.stream().map(names::applied).toList();
    for (int i = 0; i < parameters.size(); i++) {
      names.applied(parameters.get(i), arguments.get(i));
    }
    SqlNode value = expressions.rewrite(made.getExpression(), names);
    for (int i = 0; i < parameters.size(); i++) {
      names.applied(parameters.get(i), before.get(i).orElse(null));
    }
    return value;
  }

  SqlNode aggregate(String name, List<Object> parameters, SqlCall call, Names names) {
    List<SqlNode> operands = expressions.rewriteAll(call.getOperandList(), names);
    String function = orNull(name);
    if (name.equalsIgnoreCase("count") && call.getFunctionQuantifier() != null) {
      function = "uniqExact";
    }
    return operators
        .aggregate(function, parameters)
        .createCall(call.getFunctionQuantifier(), call.getParserPosition(), operands);
  }

  // Counts and lists of no rows have a value of their own.
  private String orNull(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    boolean keeps =
        lower.startsWith("count")
            || lower.startsWith("uniq")
            || lower.startsWith("group")
            || lower.endsWith("ornull")
            || lower.endsWith("ordefault")
            || lower.endsWith("state");
    return context.dialect().nullForEmpty() && !keeps ? name + "OrNull" : name;
  }

  private SqlNode count(SqlCall call, Names names) {
    SqlParserPos position = call.getParserPosition();
    boolean everyRow =
        call.operandCount() == 0
            || (call.operand(0) instanceof SqlIdentifier star && star.isStar());
    SqlNode operand =
        everyRow ? SqlIdentifier.star(position) : expressions.rewrite(call.operand(0), names);
    SqlLiteral quantifier = call.getFunctionQuantifier();
    boolean distinct = quantifier != null && quantifier.getValue() == SqlSelectKeyword.DISTINCT;
    return operators.count.createCall(distinct && !everyRow ? quantifier : null, position, operand);
  }

  private SqlNode castTo(SqlCall call, Names names) {
    SqlParserPos position = call.getParserPosition();
    if (!(call.operand(1) instanceof SqlLiteral spelling)) {
      throw Place.error(
          ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
          position,
          "CAST(x, 'T') wants the type as a text constant");
    }
    try {
      DataType target = expressions.zone().of(DataTypes.parse(spelling.getValueAs(String.class)));
      return operators.cast(target, position, expressions.rewrite(call.operand(0), names));
    } catch (UnknownTypeException e) {
      throw Place.error(ErrorCode.UNKNOWN_TYPE, spelling.getParserPosition(), e.getMessage());
    }
  }

  private RuntimeException unknown(String name, SqlParserPos position) {
    List<String> known =
        functions.list().stream().map(FunctionRegistry.FunctionInfo::name).toList();
    return Place.error(
        ErrorCode.UNKNOWN_FUNCTION,
        position,
        "no function \"" + name + "\"" + NearNames.suggest(name, known));
  }
}
