// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;

/// The words of a statement, in which reserved ones are names where only a name makes sense:
/// `t.order`, `x AS values`, `sum(offset)`, `ENGINE = Null`. The grammar then needs not know.
///
/// It looks one or two words ahead only behind a word that begins an operand, never into the rows
/// of an INSERT.
final class NameTokens extends VarveParserTokenManager {
  /// Words the grammar reserves that people give to columns.
  private static final Set<String> RESERVED =
      Set.of(
          "ORDER",
          "GROUP",
          "VALUES",
          "OFFSET",
          "INTERVAL",
          "CURRENT",
          "SIMILAR",
          "UESCAPE",
          "UNIQUE",
          "UNKNOWN",
          "UPSERT",
          "WINDOW",
          "WITHIN",
          "OVER",
          "SOME",
          "DELETE",
          "UPDATE",
          "INSERT",
          "DROP",
          "CREATE",
          "GRANT",
          "LIMIT",
          "FETCH",
          "DESCRIBE",
          "EXPLAIN",
          "MULTISET",
          "GROUPING",
          "CUBE",
          "ROLLUP",
          "DEFAULT",
          "TABLESAMPLE",
          "TRUNCATE",
          "LATERAL",
          "INTO",
          "USING",
          "HAVING",
          "UNION",
          "NATURAL",
          "CROSS",
          "FULL",
          "INNER",
          "OUTER",
          "QUALIFY");

  /// What stands before an operand or a list of names.
  private static final Set<String> BEFORE =
      Set.of(
          "SELECT",
          "DISTINCT",
          ",",
          "(",
          "[",
          "BY",
          "WHERE",
          "PREWHERE",
          "HAVING",
          "QUALIFY",
          "AND",
          "OR",
          "NOT",
          "ON",
          "WHEN",
          "THEN",
          "ELSE",
          "CASE",
          "=",
          "==",
          "<>",
          "!=",
          "<",
          ">",
          "<=",
          ">=",
          "+",
          "-",
          "*",
          "/",
          "%",
          "||",
          "BETWEEN",
          "COLUMN",
          "->",
          "LIKE",
          "IN",
          "SET",
          "RENAME",
          "MODIFY",
          "AFTER");

  /// What stands behind a name in an expression.
  private static final Set<String> BEHIND =
      Set.of(
          ",", ")", "]", ".", "=", "==", "<>", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "%",
          "||", "FROM", "AS", "", ";", "IN", "IS", "LIKE", "ILIKE", "BETWEEN", "AND", "OR", "NOT",
          "ASC", "DESC", "THEN", "ELSE", "END", "WHERE", "GROUP", "ORDER", "LIMIT", "HAVING", "[",
          "::", "?", "WHEN");

  /// What stands behind a name that was given with AS.
  private static final Set<String> BEHIND_ALIAS =
      Set.of(",", ")", "FROM", "", ";", "WHERE", "ORDER", "GROUP", "LIMIT", "FORMAT", "SETTINGS");

  private static final Set<String> NO_ALIAS = Set.of("SELECT", "WITH", "NULL", "TRUE", "FALSE");

  /// Engines and formats that share their name with a reserved word.
  private static final Set<String> ENGINES = Set.of("NULL", "JOIN", "SET", "VALUES");

  private final Deque<Token> ahead = new ArrayDeque<>();
  private Token before;
  private Token beforeThat;

  NameTokens(SimpleCharStream stream) {
    super(stream);
  }

  @Override
  public Token getNextToken() {
    Token token = ahead.isEmpty() ? read() : ahead.poll();
    if (before != null && isWord(token) && isName(token)) {
      token.kind = VarveParserConstants.IDENTIFIER;
    }
    beforeThat = before;
    before = token;
    return token;
  }

  private Token read() {
    Token token = super.getNextToken();
    switch (token.kind) {
      case VarveParserConstants.SPACED_NUMBER,
          VarveParserConstants.BIT_LITERAL,
          VarveParserConstants.HEX_FLOAT_LITERAL ->
          NumberSpellings.normalize(token);
      case VarveParserConstants.IDENTIFIER -> {
        if (token.image.startsWith("$")) {
          Heredoc.read(token, input_stream);
        }
      }
      default -> {}
    }
    return token;
  }

  private boolean isName(Token token) {
    String word = upper(token);
    return switch (upper(before)) {
      case "." -> RESERVED.contains(word) && !word.equals("VALUES");
      case "AS" ->
          !NO_ALIAS.contains(word)
              && token.kind != VarveParserConstants.IDENTIFIER
              && BEHIND_ALIAS.contains(upper(peek(1)));
      case "FORMAT" -> word.equals("NULL") || word.equals("VALUES");
      case "ENGINE" -> ENGINES.contains(word);
      default ->
          isEngine()
              ? ENGINES.contains(word)
              : RESERVED.contains(word) && BEFORE.contains(upper(before)) && behind(word);
    };
  }

  private boolean isEngine() {
    return upper(before).equals("=") && beforeThat != null && upper(beforeThat).equals("ENGINE");
  }

  private boolean behind(String word) {
    Token next = peek(1);
    String behind = upper(next);
    if (word.equals("INTERVAL")) {
      return BEHIND.contains(behind) && !behind.equals("-") && !behind.equals("+")
          || next.kind == VarveParserConstants.IDENTIFIER && endsColumn(upper(peek(2)));
    }
    boolean column = upper(before).equals("(") || upper(before).equals(",");
    boolean declared = column || upper(before).equals("COLUMN");
    return BEHIND.contains(behind) || declared && isType(next);
  }

  // `order UInt8` in a list of columns.
  private static boolean isType(Token token) {
    return token.kind == VarveParserConstants.IDENTIFIER
        || token.kind == VarveParserConstants.DATE
        || token.kind == VarveParserConstants.DATETIME
        || token.kind == VarveParserConstants.DECIMAL
        || token.kind == VarveParserConstants.ARRAY
        || token.kind == VarveParserConstants.MAP
        || token.kind == VarveParserConstants.UUID;
  }

  private static boolean endsColumn(String word) {
    return word.equals(",") || word.equals(")") || word.equals("DEFAULT") || word.equals("CODEC");
  }

  private Token peek(int n) {
    while (ahead.size() < n) {
      ahead.add(read());
    }
    return n == 1 ? ahead.peekFirst() : ahead.peekLast();
  }

  private static boolean isWord(Token token) {
    return !token.image.isEmpty() && Character.isLetter(token.image.charAt(0));
  }

  private static String upper(Token token) {
    return token.image.toUpperCase(Locale.ROOT);
  }
}
