// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.storage.error.ErrorCode;
import java.math.BigDecimal;
import java.util.Map;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// Intervals and units of time as arguments of our functions.
final class Intervals {
  private static final Map<TimeUnit, String> PLURALS =
      Map.ofEntries(
          Map.entry(TimeUnit.YEAR, "Years"),
          Map.entry(TimeUnit.QUARTER, "Quarters"),
          Map.entry(TimeUnit.MONTH, "Months"),
          Map.entry(TimeUnit.WEEK, "Weeks"),
          Map.entry(TimeUnit.DAY, "Days"),
          Map.entry(TimeUnit.HOUR, "Hours"),
          Map.entry(TimeUnit.MINUTE, "Minutes"),
          Map.entry(TimeUnit.SECOND, "Seconds"),
          Map.entry(TimeUnit.MILLISECOND, "Milliseconds"),
          Map.entry(TimeUnit.MICROSECOND, "Microseconds"),
          Map.entry(TimeUnit.NANOSECOND, "Nanoseconds"));

  private static final Map<TimeUnit, String> EXTRACTORS =
      Map.ofEntries(
          Map.entry(TimeUnit.YEAR, "toYear"),
          Map.entry(TimeUnit.QUARTER, "toQuarter"),
          Map.entry(TimeUnit.MONTH, "toMonth"),
          Map.entry(TimeUnit.WEEK, "toISOWeek"),
          Map.entry(TimeUnit.DAY, "toDayOfMonth"),
          Map.entry(TimeUnit.DOY, "toDayOfYear"),
          Map.entry(TimeUnit.DOW, "toDayOfWeek"),
          Map.entry(TimeUnit.ISODOW, "toDayOfWeek"),
          Map.entry(TimeUnit.ISOYEAR, "toISOYear"),
          Map.entry(TimeUnit.HOUR, "toHour"),
          Map.entry(TimeUnit.MINUTE, "toMinute"),
          Map.entry(TimeUnit.SECOND, "toSecond"),
          Map.entry(TimeUnit.EPOCH, "toUnixTimestamp"));

  private Intervals() {}

  static boolean isInterval(SqlNode node) {
    return node instanceof SqlIntervalLiteral
        || node.getKind() == SqlKind.INTERVAL
        || called(node) != null;
  }

  /// Whether it is a sum or difference of spans: of intervals, or of such sums.
  static boolean isSum(SqlNode node) {
    return node instanceof SqlCall call
        && (call.getKind() == SqlKind.PLUS || call.getKind() == SqlKind.MINUS)
        && call.operandCount() == 2
        && isSpan(call.operand(0))
        && isSpan(call.operand(1));
  }

  static boolean isSpan(SqlNode node) {
    return isInterval(node) || isSum(node);
  }

  /// A time plus or minus a sum of intervals, which is added one interval after the other.
  static SqlNode oneByOne(SqlNode time, boolean plus, SqlCall sum) {
    boolean secondPlus = plus == (sum.getKind() == SqlKind.PLUS);
    SqlNode first = operator(plus).createCall(sum.getParserPosition(), time, sum.operand(0));
    return operator(secondPlus).createCall(sum.getParserPosition(), first, sum.operand(1));
  }

  private static SqlOperator operator(boolean plus) {
    return plus ? SqlStdOperatorTable.PLUS : SqlStdOperatorTable.MINUS;
  }

  /// Without a time to add them to, intervals are numbers of their units.
  static void requireOneUnit(SqlNode left, SqlNode right) {
    if (isInterval(left) && isInterval(right) && plural(left).equals(plural(right))) {
      return;
    }
    throw Place.error(
        ErrorCode.NOT_IMPLEMENTED,
        right.getParserPosition(),
        "intervals of several units are added to a date or time, not to each other");
  }

  /// `Days` where the node is the call `toIntervalDay(n)`, else null.
  private static String called(SqlNode node) {
    if (!(node instanceof SqlCall call) || call.operandCount() != 1) {
      return null;
    }
    String name = call.getOperator().getName();
    return name.startsWith("toInterval") ? plural(name.substring("toInterval".length())) : null;
  }

  /// `Days` of `day`, `DAY` or `days`; null for what is no unit.
  static String plural(String unit) {
    String wanted = unit.toLowerCase(java.util.Locale.ROOT).replaceFirst("s$", "");
    for (String plural : PLURALS.values()) {
      if (plural.equalsIgnoreCase(wanted + "s")) {
        return plural;
      }
    }
    return null;
  }

  static SqlIntervalQualifier qualifier(SqlNode interval) {
    String called = called(interval);
    if (called != null) {
      String unit = called.substring(0, called.length() - 1).toUpperCase(java.util.Locale.ROOT);
      return new SqlIntervalQualifier(TimeUnit.valueOf(unit), null, interval.getParserPosition());
    }
    return interval instanceof SqlIntervalLiteral literal
        ? (literal.getValueAs(SqlIntervalLiteral.IntervalValue.class)).getIntervalQualifier()
        : ((SqlCall) interval).operand(1);
  }

  /// How many units an interval is: a number, or the expression of `INTERVAL x DAY`.
  static SqlNode amount(SqlNode interval, Operators operators) {
    if (interval instanceof SqlIntervalLiteral literal) {
      SqlIntervalLiteral.IntervalValue value =
          literal.getValueAs(SqlIntervalLiteral.IntervalValue.class);
      SqlParserPos position = literal.getParserPosition();
      try {
        BigDecimal amount = new BigDecimal(value.getIntervalLiteral().strip());
        return operators.number(value.getSign() < 0 ? amount.negate() : amount, position);
      } catch (NumberFormatException e) {
        throw Place.error(
            ErrorCode.CANNOT_PARSE_INPUT,
            position,
            "an interval is a whole number of one unit, found '"
                + value.getIntervalLiteral()
                + "'");
      }
    }
    return ((SqlCall) interval).operand(0);
  }

  /// `Days` of `addDays` and `toIntervalDay` (which is without its last letter).
  static String plural(SqlNode interval) {
    if (called(interval) != null) {
      return called(interval);
    }
    SqlIntervalQualifier qualifier = qualifier(interval);
    String plural = PLURALS.get(qualifier.getUnit());
    if (plural == null || !qualifier.isSingleDatetimeField()) {
      throw Place.error(
          ErrorCode.NOT_IMPLEMENTED,
          interval.getParserPosition(),
          "intervals have one unit from YEAR to NANOSECOND, found " + qualifier);
    }
    return plural;
  }

  static String extractor(SqlIntervalQualifier unit) {
    String function = EXTRACTORS.get(unit.getUnit());
    if (function == null) {
      throw Place.error(
          ErrorCode.NOT_IMPLEMENTED, unit.getParserPosition(), "EXTRACT knows no unit " + unit);
    }
    return function;
  }
}
