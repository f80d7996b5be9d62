// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import static dev.varve.sql.parse.StarMarks.call;

import dev.varve.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;

/// Windows of time: `tumble(t, INTERVAL 1 HOUR[, zone])` gives start and end of the one that a
/// moment is in, `hop(t, INTERVAL 1 MINUTE, INTERVAL 1 HOUR[, zone])` those of the first of the
/// windows of the second length, beginning every first length, that it is in; `…Start` and `…End`
/// one of both.
final class TimeWindows {
  private static final Set<String> WHOLE_DAYS =
      Set.of("Days", "Weeks", "Months", "Quarters", "Years");

  private TimeWindows() {}

  /// The call by plain functions of time, or null where it is none of these.
  static SqlNode of(
      String name, SqlCall given, Operators operators, Expressions expressions, Names names) {
    boolean hops = name.startsWith("hop");
    String part = name.substring(hops ? "hop".length() : "tumble".length());
    int intervals = hops ? 2 : 1;
    if (!List.of("", "start", "end").contains(part)) {
      return null;
    }
    List<SqlNode> operands = given.getOperandList();
    boolean fits =
        operands.size() > intervals
            && operands.size() <= intervals + 2
            && operands.subList(1, 1 + intervals).stream().allMatch(Intervals::isInterval);
    if (!fits) {
      throw Place.error(
          ErrorCode.BAD_ARGUMENTS,
          given.getParserPosition(),
          hops
              ? "hop(time, INTERVAL …, INTERVAL …[, 'zone']) takes a moment and two intervals"
              : "tumble(time, INTERVAL …[, 'zone']) takes a moment and an interval");
    }
    SqlNode first = operands.get(1);
    SqlNode length = operands.get(intervals);
    List<SqlNode> zone = operands.subList(1 + intervals, operands.size());
    SqlNode begun = moment(operands.getFirst(), first, zone);
    SqlNode last = moved("add", begun, first, operators);
    SqlNode start = hops ? moved("subtract", last, length, operators) : begun;
    SqlNode value =
        switch (part) {
          case "start" -> start;
          case "end" -> last;
          default -> call("tuple", List.of(start, last));
        };
    return expressions.rewrite(value, names);
  }

  /// The beginning of the interval that the moment is in, as a moment of its zone; of days and more
  /// it would be a date.
  private static SqlNode moment(SqlNode time, SqlNode interval, List<SqlNode> zone) {
    List<SqlNode> operands = new ArrayList<>(List.of(time, interval));
    operands.addAll(zone);
    SqlNode start = call("toStartOfInterval", operands);
    if (!zone.isEmpty()) {
      return call("toDateTime", List.of(start, zone.getFirst()));
    }
    if (!WHOLE_DAYS.contains(Intervals.plural(interval))) {
      return start;
    }
    SqlNode days =
        call(
            "minus",
            List.of(
                call("toRelativeDayNum", List.of(time)), call("toRelativeDayNum", List.of(start))));
    return call("subtractDays", List.of(call("toStartOfDay", List.of(time)), days));
  }

  private static SqlNode moved(String way, SqlNode moment, SqlNode interval, Operators operators) {
    return call(
        way + Intervals.plural(interval), List.of(moment, Intervals.amount(interval, operators)));
  }
}
