// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/// Words and quotes of the dialect, for the generated parser and for text around it.
final class Lexis {
  /// Words that may be names, but behind a table or an expression begin a clause and so are no
  /// alias.
  private static final Set<String> CLAUSE_WORDS =
      Set.of(
          "FINAL",
          "SETTINGS",
          "FORMAT",
          "PREWHERE",
          "SAMPLE",
          "SEMI",
          "ANTI",
          "ANY",
          "ALL",
          "ASOF",
          "GLOBAL",
          "INTO",
          "PASTE",
          "END",
          "ARRAY",
          "TTL",
          "ENGINE",
          "COMMENT",
          "PARTITION",
          "PRIMARY");

  /// Words before `(` that are no function's name.
  private static final Set<String> NOT_CALLS =
      Set.of(
          "NOT",
          "EXISTS",
          "CASE",
          "INTERVAL",
          "UNIQUE",
          "CURSOR",
          "SELECT",
          "WITH",
          "VALUES",
          "TABLE",
          "DISTINCT",
          "FROM",
          "LATERAL",
          "UNNEST",
          "NEW",
          "NEXT",
          "MULTISET",
          "PERIOD",
          "CAST",
          "TRY_CAST",
          "SAFE_CAST");

  /// Words inside the parentheses of a call that ask for the grammar of the SQL standard.
  private static final Set<String> STANDARD_WORDS =
      Set.of("FROM", "IN", "FOR", "TO", "USING", "PLACING", "LEADING", "TRAILING", "BOTH", "AS");

  /// Words that end an expression and are no name for it.
  private static final Set<String> NO_INNER_ALIAS = Set.of("END", "NULL", "TRUE", "FALSE");

  /// Functions whose arguments may be spelled with those words.
  private static final Set<String> STANDARD_CALLS =
      Set.of(
          "EXTRACT",
          "POSITION",
          "CONVERT",
          "TRANSLATE",
          "OVERLAY",
          "FLOOR",
          "CEIL",
          "CEILING",
          "SUBSTRING",
          "TRIM");

  private Lexis() {}

  static boolean beginsClause(Token token) {
    return CLAUSE_WORDS.contains(token.image.toUpperCase(Locale.ROOT));
  }

  /// Whether the operand that comes next is a call with a plain list of arguments.
  static boolean plainCallAhead(VarveParser parser) {
    Token name = parser.getToken(1);
    if (parser.getToken(2).kind != VarveParserConstants.LPAREN || !isWord(name)) {
      return false;
    }
    String word = name.image.toUpperCase(Locale.ROOT);
    return !NOT_CALLS.contains(word)
        && !(STANDARD_CALLS.contains(word) && standardWordAhead(parser));
  }

  /// Whether `CAST(` comes next and separates its arguments by a comma, as a function does.
  static boolean commaCastAhead(VarveParser parser) {
    return parser.getToken(1).image.equalsIgnoreCase("CAST")
        && parser.getToken(2).kind == VarveParserConstants.LPAREN
        && insideAhead(parser, token -> token.kind == VarveParserConstants.COMMA);
  }

  /// Whether `substring(` or `trim(` comes next with a standard word inside.
  static boolean textCallAhead(VarveParser parser) {
    int kind = parser.getToken(1).kind;
    return (kind == VarveParserConstants.SUBSTRING || kind == VarveParserConstants.TRIM)
        && parser.getToken(2).kind == VarveParserConstants.LPAREN;
  }

  /// Whether a name comes next that nothing but an end of the argument follows.
  static boolean innerAliasAhead(VarveParser parser) {
    Token name = parser.getToken(1);
    int after = parser.getToken(2).kind;
    return isWord(name)
        && !name.image.equalsIgnoreCase("FROM")
        && !name.image.equalsIgnoreCase("FOR")
        && (after == VarveParserConstants.COMMA
            || after == VarveParserConstants.RPAREN
            || after == VarveParserConstants.FROM
            || after == VarveParserConstants.FOR)
        && !NO_INNER_ALIAS.contains(name.image.toUpperCase(Locale.ROOT));
  }

  /// Whether the parentheses behind the next token hold, at their own depth, a standard word.
  private static boolean standardWordAhead(VarveParser parser) {
    return insideAhead(
        parser, token -> STANDARD_WORDS.contains(token.image.toUpperCase(Locale.ROOT)));
  }

  private static boolean insideAhead(VarveParser parser, Predicate<Token> wanted) {
    int depth = 0;
    for (int i = 2; ; i++) {
      Token token = parser.getToken(i);
      switch (token.kind) {
        case VarveParserConstants.EOF -> {
          return false;
        }
        case VarveParserConstants.LPAREN, VarveParserConstants.LBRACKET -> depth++;
        case VarveParserConstants.RPAREN, VarveParserConstants.RBRACKET -> {
          if (--depth == 0) {
            return false;
          }
        }
        default -> {
          if (depth == 1 && wanted.test(token)) {
            return true;
          }
        }
      }
    }
  }

  /// Whether the inside of `OVER ( … )` goes on with a clause and not with a window's name.
  static boolean windowClauseAhead(VarveParser parser) {
    String after = parser.getToken(2).image.toUpperCase(Locale.ROOT);
    return switch (parser.getToken(1).image.toUpperCase(Locale.ROOT)) {
      case "PARTITION", "ORDER" -> after.equals("BY");
      case "ROWS", "RANGE", "GROUPS" ->
          Set.of("BETWEEN", "UNBOUNDED", "CURRENT").contains(after)
              || Character.isDigit(after.charAt(0));
      default -> false;
    };
  }

  /// Whether what was read is a star or COLUMNS(…), and something that changes it comes next.
  static boolean starChangeAhead(VarveParser parser) {
    int before = parser.getToken(0).kind;
    String word = parser.getToken(1).image.toUpperCase(Locale.ROOT);
    Token second = parser.getToken(2);
    boolean list = second.kind == VarveParserConstants.LPAREN;
    if (list) {
      int inside = parser.getToken(3).kind;
      if (inside == VarveParserConstants.SELECT
          || inside == VarveParserConstants.WITH
          || inside == VarveParserConstants.LPAREN && !word.equals("REPLACE")) {
        return false;
      }
    }
    return switch (word) {
      case "EXCEPT", "EXCLUDE" ->
          list
              || before == VarveParserConstants.STAR
                  && isWord(second)
                  && second.kind != VarveParserConstants.SELECT
                  && second.kind != VarveParserConstants.ALL
                  && second.kind != VarveParserConstants.DISTINCT;
      case "REPLACE", "APPLY" -> list || isWord(second);
      default -> false;
    };
  }

  /// Whether `view(SELECT …)` comes next.
  static boolean queryViewAhead(VarveParser parser) {
    int inside = parser.getToken(3).kind;
    return parser.getToken(1).kind == VarveParserConstants.VIEW
        && parser.getToken(2).kind == VarveParserConstants.LPAREN
        && (inside == VarveParserConstants.SELECT || inside == VarveParserConstants.WITH);
  }

  /// Whether `{'key': value}` comes next.
  static boolean braceMapAhead(VarveParser parser) {
    Token second = parser.getToken(2);
    return parser.getToken(1).kind == VarveParserConstants.LBRACE
        && (second.kind == VarveParserConstants.QUOTED_STRING
            || second.kind == VarveParserConstants.UNSIGNED_INTEGER_LITERAL
            || second.kind == VarveParserConstants.RBRACE);
  }

  /// Whether `default` comes next and names a database.
  static boolean defaultNameAhead(VarveParser parser) {
    if (parser.getToken(1).kind != VarveParserConstants.DEFAULT_) {
      return false;
    }
    int before = parser.getToken(0).kind;
    return parser.getToken(2).kind == VarveParserConstants.DOT
        || before == VarveParserConstants.USE
        || before == VarveParserConstants.FROM
        || before == VarveParserConstants.IN
        || before == VarveParserConstants.DATABASE
        || before == VarveParserConstants.LPAREN;
  }

  /// Whether `{name:Type}` comes next, for a value.
  static boolean valueParameterAhead(VarveParser parser) {
    Token token = parser.getToken(1);
    return token.kind == VarveParserConstants.NAMED_PARAMETER
        && !ParameterLiterals.isName(token.image);
  }

  /// Whether `{name:Identifier}` comes next.
  static boolean nameParameterAhead(VarveParser parser) {
    Token token = parser.getToken(1);
    return token.kind == VarveParserConstants.NAMED_PARAMETER
        && ParameterLiterals.isName(token.image);
  }

  private static boolean isWord(Token token) {
    char first = token.image.isEmpty() ? ' ' : token.image.charAt(0);
    return Character.isLetter(first) || first == '_' || first == '"' || first == '`';
  }

  /// The value of a string literal with its quotes: `''` and backslash escapes are undone.
  static String string(String image) {
    int open = image.indexOf('\'');
    StringBuilder value = new StringBuilder(image.length());
    for (int i = open + 1; i < image.length() - 1; i++) {
      char c = image.charAt(i);
      if (c == '\'') {
        i++;
        value.append('\'');
      } else if (c == '\\' && i + 1 < image.length() - 1) {
        i = escape(image, i + 1, value);
      } else {
        value.append(c);
      }
    }
    return value.toString();
  }

  /// A text without quotes whose backslash escapes are undone.
  static String plain(String escaped) {
    String image = escaped + "'";
    StringBuilder value = new StringBuilder(escaped.length());
    for (int i = 0; i < escaped.length(); i++) {
      char c = image.charAt(i);
      if (c == '\\' && i + 1 < escaped.length()) {
        i = escape(image, i + 1, value);
      } else {
        value.append(c);
      }
    }
    return value.toString();
  }

  /// Appends what the escape at `at` (behind the backslash) means; returns its last index.
  private static int escape(String image, int at, StringBuilder value) {
    char c = image.charAt(at);
    switch (c) {
      case 'n' -> value.append('\n');
      case 't' -> value.append('\t');
      case 'r' -> value.append('\r');
      case 'b' -> value.append('\b');
      case 'f' -> value.append('\f');
      case '0' -> value.append('\0');
      case 'a' -> value.append((char) 7);
      case 'v' -> value.append((char) 11);
      case 'e' -> value.append((char) 27);
      case 'x' -> {
        if (at + 2 < image.length() - 1
            && Character.digit(image.charAt(at + 1), 16) >= 0
            && Character.digit(image.charAt(at + 2), 16) >= 0) {
          value.append((char) Integer.parseInt(image.substring(at + 1, at + 3), 16));
          return at + 2;
        }
        value.append("\\x");
      }
      case '\\', '\'', '"', '`', '/', '=' -> value.append(c);
      // A backslash before anything else stays: patterns of LIKE and regular expressions need it.
      default -> value.append('\\').append(c);
    }
    return at;
  }

  /// The parts of an expression list at its outermost commas. One pair of parentheses around the
  /// whole list, with or without `tuple` before it, is taken off.
  static List<String> splitList(String list) {
    String text = list.strip();
    if (text.regionMatches(true, 0, "tuple", 0, 5) && text.substring(5).strip().startsWith("(")) {
      String behind = text.substring(5).strip();
      if (closing(behind, 0) == behind.length() - 1) {
        text = behind;
      }
    }
    if (text.startsWith("(") && closing(text, 0) == text.length() - 1) {
      text = text.substring(1, text.length() - 1).strip();
    }
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '(' || c == '[' || c == '\'' || c == '"' || c == '`') {
        i = closing(text, i);
      } else if (c == ',') {
        parts.add(name(text.substring(from, i)));
        from = i + 1;
      }
    }
    if (!text.isEmpty()) {
      parts.add(name(text.substring(from)));
    }
    return List.copyOf(parts);
  }

  /// A quoted name without its quotes; any other expression as it is.
  static String name(String expression) {
    String text = expression.strip();
    if (text.length() > 2
        && (text.charAt(0) == '`' || text.charAt(0) == '"')
        && closing(text, 0) == text.length() - 1) {
      return text.substring(1, text.length() - 1);
    }
    return text;
  }

  /// Index of what closes the parenthesis, bracket or quote at `at`; the text's end if nothing
  /// does.
  static int closing(String text, int at) {
    char open = text.charAt(at);
    if (open != '(' && open != '[' && open != '{') {
      for (int i = at + 1; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == '\\' && open == '\'') {
          i++;
        } else if (c == open) {
          if (i + 1 < text.length() && text.charAt(i + 1) == open) {
            i++;
          } else {
            return i;
          }
        }
      }
      return text.length();
    }
    for (int i = at + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '(' || c == '[' || c == '{' || c == '\'' || c == '"' || c == '`') {
        i = closing(text, i);
      } else if (c == ')' || c == ']' || c == '}') {
        return i;
      }
    }
    return text.length();
  }
}
