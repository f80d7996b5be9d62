// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import java.math.BigDecimal;
import java.math.BigInteger;

/// Spellings of numbers that the grammar of the standard does not have: `1_000`, `0b101`, `0x1p3`.
final class NumberSpellings {
  private static final int PREFIX = 2;

  private NumberSpellings() {}

  /// Makes the token one of the standard's numbers; its place in the text stays.
  static void normalize(Token token) {
    switch (token.kind) {
      case VarveParserConstants.BIT_LITERAL -> {
        token.image = new BigInteger(token.image.substring(PREFIX), 2).toString();
        token.kind = VarveParserConstants.UNSIGNED_INTEGER_LITERAL;
      }
      case VarveParserConstants.HEX_FLOAT_LITERAL -> {
        token.image = new BigDecimal(Double.parseDouble(token.image)).toString();
        token.kind = VarveParserConstants.APPROX_NUMERIC_LITERAL;
      }
      default -> {
        token.image = token.image.replace("_", "");
        token.kind =
            token.image.matches(".*[eE].*")
                ? VarveParserConstants.APPROX_NUMERIC_LITERAL
                : token.image.contains(".")
                    ? VarveParserConstants.DECIMAL_NUMERIC_LITERAL
                    : VarveParserConstants.UNSIGNED_INTEGER_LITERAL;
      }
    }
  }
}
