// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.CalciteContextException;

/// The validator's complaints in our words, codes and places.
final class ValidationErrors {
  private record Translation(Pattern pattern, ErrorCode code, Function<Matcher, String> message) {}

  private static final List<Translation> TRANSLATIONS =
      List.of(
          translation(
              "Column '(.*)' is ambiguous",
              ErrorCode.UNKNOWN_IDENTIFIER,
              m -> "column \"" + m.group(1) + "\" is in more than one table; write table.column"),
          translation(
              "Column '(.*)' not found in (any table|table '.*')",
              ErrorCode.UNKNOWN_IDENTIFIER,
              m -> "no column \"" + m.group(1) + "\""),
          translation(
              "Table '(.*)' not found",
              ErrorCode.UNKNOWN_TABLE,
              m -> "no table \"" + m.group(1) + "\" in FROM"),
          translation(
              "Expression '(.*)' is not being grouped",
              ErrorCode.NOT_AN_AGGREGATE,
              m ->
                  "\""
                      + plain(m.group(1))
                      + "\" is neither in GROUP BY nor inside an aggregate; add it to GROUP BY, or"
                      + " write any(…)"),
          translation(
              "(Aggregate|Windowed aggregate) expression is illegal in (.*) clause",
              ErrorCode.ILLEGAL_AGGREGATION,
              m -> "no aggregate may stand in " + m.group(2) + "; HAVING comes after aggregation"),
          translation(
              "Aggregate expressions cannot be nested",
              ErrorCode.ILLEGAL_AGGREGATION,
              m -> "an aggregate may not stand inside an aggregate"),
          translation(
              "Column count mismatch in (.*)",
              ErrorCode.NUMBER_OF_COLUMNS_DOESNT_MATCH,
              m -> "both sides of " + m.group(1) + " must have as many columns"),
          translation(
              "Type mismatch in column (\\d+) of (.*)",
              ErrorCode.TYPE_MISMATCH,
              m -> "column " + m.group(1) + " of " + m.group(2) + " has types that do not mix"),
          translation(
              "Ordinal out of range",
              ErrorCode.ARGUMENT_OUT_OF_BOUND,
              m -> "there is no column of this position in the select list"),
          translation(
              "(Values passed to|Illegal mixing of types in) (.*)",
              ErrorCode.TYPE_MISMATCH,
              m -> "the types of " + plain(m.group(2)) + " do not mix; CAST one side"),
          translation(
              "Cannot apply '\\$SCALAR_QUERY' to arguments.*",
              ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
              _ -> "a query used as a value must have one column; name its columns to get a tuple"),
          translation(
              "Cannot apply '(.*)' to arguments of type '(.*)'\\..*",
              ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
              m -> m.group(1) + " does not take " + plain(m.group(2))),
          translation(
              "Param '(.*)' not found in lambda expression.*",
              ErrorCode.NOT_IMPLEMENTED,
              m ->
                  "a lambda may read its parameters only, and \""
                      + m.group(1)
                      + "\" is a column; pass it as another array"),
          translation(
              "Duplicate relation name '(.*)' in FROM clause",
              ErrorCode.BAD_ARGUMENTS,
              m -> "two tables in FROM are named \"" + m.group(1) + "\"; give one an alias"));

  private ValidationErrors() {}

  private static Translation translation(
      String pattern, ErrorCode code, Function<Matcher, String> message) {
    return new Translation(Pattern.compile(pattern, Pattern.DOTALL), code, message);
  }

  private static String plain(String text) {
    return text.replace("`", "");
  }

  static VarveException translate(RuntimeException error) {
    String place = "";
    Throwable cause = error;
    while (cause.getCause() != null) {
      if (cause instanceof CalciteContextException context && context.getPosLine() > 0) {
        place = "line " + context.getPosLine() + ", column " + context.getPosColumn() + ": ";
      }
      cause = cause.getCause();
    }
    String message = String.valueOf(cause.getMessage());
    for (Translation translation : TRANSLATIONS) {
      Matcher matcher = translation.pattern().matcher(message);
      if (matcher.matches()) {
        return new VarveException(
            translation.code(), place + translation.message().apply(matcher), error);
      }
    }
    return new VarveException(
        ErrorCode.BAD_ARGUMENTS, place + "the query is not valid: " + plain(message), error);
  }
}
