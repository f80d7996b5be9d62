// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// Intervals as the dialect spells them. In the tree each is a call, `toIntervalDay(1)`.
final class Intervals {
  private static final List<String> UNITS =
      List.of(
          "Nanosecond",
          "Microsecond",
          "Millisecond",
          "Second",
          "Minute",
          "Hour",
          "Day",
          "Week",
          "Month",
          "Quarter",
          "Year");

  private Intervals() {}

  static boolean isUnit(Token token) {
    return unit(token.image) != null;
  }

  /// `Day` of `day`, `DAYS` or `SQL_TSI_DAY`; null for what is no unit.
  private static String unit(String word) {
    String wanted =
        word.toLowerCase(Locale.ROOT).replaceFirst("^sql_tsi_", "").replaceFirst("s$", "");
    for (String unit : UNITS) {
      if (unit.equalsIgnoreCase(wanted)) {
        return unit;
      }
    }
    return null;
  }

  /// Whether a text holds number and unit, `'1 day'`, and no unit stands behind it.
  static boolean isWhole(Token text, Token behind) {
    return text.kind == VarveParserConstants.QUOTED_STRING && !isUnit(behind);
  }

  static SqlNode whole(Token text, SqlParserPos pos) {
    String value = Lexis.string(text.image).strip();
    String[] words = value.split("\\s+");
    if (words.length == 2 && unit(words[1]) != null && isNumber(words[0])) {
      return of(SqlLiteral.createExactNumeric(words[0], pos), words[1], pos);
    }
    throw new VarveException(
        ErrorCode.SYNTAX_ERROR,
        Trees.place(pos)
            + "an interval is a number and one unit from NANOSECOND to YEAR, found '"
            + value
            + "'");
  }

  private static boolean isNumber(String text) {
    return text.matches("[+-]?\\d+");
  }

  static SqlNode of(SqlNode amount, String unit, SqlParserPos pos) {
    SqlNode number = amount;
    if (amount instanceof SqlLiteral literal
        && literal.getValue() instanceof org.apache.calcite.util.NlsString text) {
      String value = text.getValue().strip();
      if (!isNumber(value)) {
        throw new VarveException(
            ErrorCode.CANNOT_PARSE_INPUT,
            Trees.place(amount.getParserPosition())
                + "an interval is a whole number of one unit, found '"
                + value
                + "'");
      }
      number =
          SqlLiteral.createExactNumeric(
              new BigDecimal(value).toPlainString(), amount.getParserPosition());
    }
    return Trees.call("toInterval" + unit(unit), pos, number);
  }
}
