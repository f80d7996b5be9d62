// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// Calls that take an interval or a unit of time where others take a value: `dateAdd(DAY, 1, x)`,
/// `dateSub(x, INTERVAL 1 DAY)`, `toStartOfInterval(x, INTERVAL 5 MINUTE)`, `dateDiff(day, a, b)`.
final class TimeCalls {
  private static final Set<String> LATER =
      Set.of("dateadd", "date_add", "timestampadd", "timestamp_add", "adddate", "addinterval");
  private static final Set<String> EARLIER =
      Set.of("datesub", "date_sub", "timestampsub", "timestamp_sub", "subdate", "subtractinterval");
  private static final Set<String> STARTS = Set.of("tostartofinterval", "date_bin", "time_bucket");
  private static final Set<String> MEASURES =
      Set.of("datediff", "date_diff", "timestampdiff", "timestamp_diff", "age", "datename");

  private TimeCalls() {}

  /// The call with plain arguments, or null where it is none of these.
  static SqlNode rewrite(
      String written, SqlCall call, Operators operators, Expressions expressions, Names names) {
    String name = written.toLowerCase(Locale.ROOT);
    List<SqlNode> operands = call.getOperandList();
    SqlParserPos position = call.getParserPosition();
    if (LATER.contains(name) || EARLIER.contains(name)) {
      String function = LATER.contains(name) ? "add" : "subtract";
      if (operands.size() == 2 && Intervals.isInterval(operands.get(1))) {
        SqlNode amount = Intervals.amount(operands.get(1), operators);
        return operators.scalar(
            function + Intervals.plural(operands.get(1)),
            position,
            List.of(
                expressions.rewrite(operands.get(0), names), expressions.rewrite(amount, names)));
      }
      String unit = operands.size() == 3 ? unit(operands.get(0)) : null;
      String plural = unit == null ? null : Intervals.plural(unit);
      return plural == null
          ? null
          : operators.scalar(
              function + plural,
              position,
              List.of(
                  expressions.rewrite(operands.get(2), names),
                  expressions.rewrite(operands.get(1), names)));
    }
    if (STARTS.contains(name) && operands.size() >= 2 && Intervals.isInterval(operands.get(1))) {
      return start(call, operators, expressions, names);
    }
    if (name.startsWith("tumble") || name.startsWith("hop")) {
      return TimeWindows.of(name, call, operators, expressions, names);
    }
    String unit = MEASURES.contains(name) && operands.size() >= 2 ? unit(operands.get(0)) : null;
    if (unit == null || operands.get(0) instanceof SqlLiteral) {
      return null;
    }
    List<SqlNode> rest = expressions.rewriteAll(operands.subList(1, operands.size()), names);
    List<SqlNode> all = new java.util.ArrayList<>(rest);
    all.addFirst(Operators.text(unit.toLowerCase(Locale.ROOT), position));
    return operators.scalar(written, position, all);
  }

  private static SqlNode start(
      SqlCall call, Operators operators, Expressions expressions, Names names) {
    SqlNode interval = call.operand(1);
    String plural = Intervals.plural(interval);
    List<SqlNode> operands = new java.util.ArrayList<>();
    operands.add(expressions.rewrite(call.operand(0), names));
    operands.add(expressions.rewrite(Intervals.amount(interval, operators), names));
    operands.add(
        Operators.text(
            plural.substring(0, plural.length() - 1).toLowerCase(Locale.ROOT),
            call.getParserPosition()));
    for (SqlNode zone : call.getOperandList().subList(2, call.operandCount())) {
      operands.add(expressions.rewrite(zone, names));
    }
    return operators.scalar("toStartOfInterval", call.getParserPosition(), operands);
  }

  private static String unit(SqlNode node) {
    return switch (node) {
      case SqlIntervalQualifier qualifier -> qualifier.getUnit().name();
      case SqlIdentifier name when name.isSimple() && Intervals.plural(name.getSimple()) != null ->
          name.getSimple();
      case SqlLiteral literal
          when literal.getValue() instanceof org.apache.calcite.util.NlsString ->
          literal.getValueAs(String.class);
      default -> null;
    };
  }
}
