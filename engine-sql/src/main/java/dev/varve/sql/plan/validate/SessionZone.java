// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.parse.StarMarks;
import dev.varve.sql.plan.type.ZonedTypes;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// The setting `session_timezone` in a query: times without a zone of their own, as columns of
/// tables, targets of casts and results of functions, get the session's.
final class SessionZone {
  /// Which argument of a function, from 0, is its zone.
  private static final Map<String, Integer> PLACES = places();

  private final String zone;

  /// @param zone empty where the session has none
  SessionZone(String zone) {
    this.zone = zone;
  }

  private static Map<String, Integer> places() {
    Map<String, Integer> places = new HashMap<>();
    for (String ending : List.of("", "OrNull", "OrZero")) {
      places.put("toDateTime" + ending, 1);
      places.put("toDateTime64" + ending, 2);
      places.put("parseDateTime" + ending, 2);
      places.put("parseDateTimeInJodaSyntax" + ending, 2);
      places.put("parseDateTimeBestEffort" + ending, 1);
      places.put("parseDateTimeBestEffortUS" + ending, 1);
      places.put("parseDateTime64BestEffort" + ending, 2);
    }
    for (String unit : List.of("Milli", "Micro", "Nano")) {
      places.put("fromUnixTimestamp64" + unit, 1);
    }
    places.put("now", 0);
    places.put("now64", 1);
    places.put("makeDateTime", 6);
    return Map.copyOf(places);
  }

  /// The type with the session's zone where it has none.
  DataType of(DataType type) {
    return zone.isEmpty() ? type : ZonedTypes.of(type, zone);
  }

  /// The call as it is meant in the session, or null where it means what it says.
  SqlNode call(String name, SqlCall call) {
    if (zone.isEmpty()) {
      return null;
    }
    SqlParserPos position = call.getParserPosition();
    SqlNode text = SqlLiteral.createCharString(zone, position);
    Integer place = PLACES.get(name);
    if (place != null && place == call.operandCount()) {
      List<SqlNode> operands = new ArrayList<>(call.getOperandList());
      operands.add(text);
      return StarMarks.call(name, operands);
    }
    return switch (name) {
      case "fromUnixTimestamp" ->
          call.operandCount() == 1
              ? StarMarks.call("toDateTime", List.of(call.operand(0), text))
              : null;
      case "now64" ->
          call.operandCount() == 0
              ? StarMarks.call(name, List.of(number("3", position), text))
              : null;
      case "today" -> day(text);
      case "yesterday" -> StarMarks.call("minus", List.of(day(text), number("1", position)));
      case "timezone", "timeZone" -> text;
      default -> null;
    };
  }

  private static SqlNode number(String digits, SqlParserPos position) {
    return SqlLiteral.createExactNumeric(digits, position);
  }

  private static SqlNode day(SqlNode zone) {
    return StarMarks.call("toDate", List.of(StarMarks.call("now", List.of(zone))));
  }

  /// The name of a type as the user wrote it: without the session's zone.
  SqlNode typeName(SqlNode name, Operators operators) {
    if (zone.isEmpty()) {
      return name;
    }
    SqlNode plain = replaced(name, "DateTime('" + zone + "')", "DateTime", operators);
    return replaced(plain, ", '" + zone + "')", ")", operators);
  }

  private static SqlNode replaced(SqlNode text, String from, String to, Operators operators) {
    SqlParserPos position = text.getParserPosition();
    return operators.scalar(
        "replaceAll", position, text, Operators.text(from, position), Operators.text(to, position));
  }
}
