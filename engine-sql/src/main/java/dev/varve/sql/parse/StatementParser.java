// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlLambda;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl.LexicalState;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlConformanceEnum;

/// Reads one statement. Identifiers keep their case; double quotes and back-ticks quote them;
/// backslashes escape in strings. All errors are SYNTAX_ERROR (or NOT_IMPLEMENTED, UNKNOWN_TYPE)
/// with line and column.
public final class StatementParser {
  private static final int MAX_IDENTIFIER = 256;
  private static final int MAX_EXPECTED = 6;

  private StatementParser() {}

  /// A statement, how many `?` it has, and the name behind FORMAT, whatever the statement is.
  ///
  /// @param places where each `?` stands, with its number from 0 on
  public record Parsed(
      Statement statement,
      int parameters,
      Optional<String> format,
      Map<SqlParserPos, Integer> places) {
    /// A statement of a kind that takes no parameters.
    Parsed(Statement statement, Optional<String> format) {
      this(statement, 0, format, Map.of());
    }
  }

  public static Statement parse(String text) {
    return parse(text, ParameterValues.NONE).statement();
  }

  public static Parsed parse(String text, ParameterValues values) {
    if (AccessParser.isAccess(text)) {
      return new Parsed(AccessParser.parse(text), Optional.empty());
    }
    if (DictionaryParser.isDictionary(text)) {
      return DictionaryParser.parse(text);
    }
    if (BackupParser.isBackup(text)) {
      return BackupParser.parse(text);
    }
    ParseState state = new ParseState(text, values);
    VarveParser parser = parser(text, state);
    return run(
        parser,
        text,
        () ->
            new Parsed(
                parser.VarveStatementEof(), state.positionalSeen, state.format, state.places));
  }

  /// A query's tree.
  public static SqlNode parseQuery(String text) {
    if (parse(text) instanceof Statement.Query query) {
      return query.node();
    }
    throw new VarveException(ErrorCode.SYNTAX_ERROR, "line 1, column 1: expected a query");
  }

  /// An expression, and how many `?` it has.
  ///
  /// @param places where each `?` stands, with its number from 0 on
  public record ParsedExpression(SqlNode node, int parameters, Map<SqlParserPos, Integer> places) {}

  /// One expression, as definitions of tables have them.
  public static SqlNode parseExpression(String text) {
    return parseExpression(text, ParameterValues.NONE).node();
  }

  /// One expression that may have open places.
  public static ParsedExpression parseExpression(String text, ParameterValues values) {
    ParseState state = new ParseState(text, values);
    VarveParser parser = parser(text, state);
    return run(
        parser,
        text,
        () ->
            new ParsedExpression(parser.VarveExpressionEof(), state.positionalSeen, state.places));
  }

  /// `(x, y) -> expression`, as CREATE FUNCTION has it.
  public static SqlLambda parseLambda(String text) {
    if (parseExpression("f(" + text + ")") instanceof SqlCall call
        && call.operandCount() == 1
        && call.operand(0) instanceof SqlLambda lambda) {
      return lambda;
    }
    throw new VarveException(
        ErrorCode.SYNTAX_ERROR, "line 1, column 1: expected (arguments) -> expression");
  }

  /// The elements of a list as written, `(a, b)` or `a, b`, cut at its outermost commas.
  public static List<String> splitList(String text) {
    return Lexis.splitList(text);
  }

  private static VarveParser parser(String text, ParseState state) {
    SimpleCharStream characters = new SimpleCharStream(new StringReader(text), 1, 1);
    characters.setTabSize(1);
    VarveParser parser = new VarveParser(new NameTokens(characters));
    parser.state = state;
    parser.setQuotedCasing(Casing.UNCHANGED);
    parser.setUnquotedCasing(Casing.UNCHANGED);
    parser.setIdentifierMaxLength(MAX_IDENTIFIER);
    parser.setConformance(SqlConformanceEnum.BABEL);
    parser.switchTo(LexicalState.DQID);
    return parser;
  }

  private interface Production<T> {
    T read() throws ParseException;
  }

  private static <T> T run(VarveParser parser, String text, Production<T> production) {
    Token before = parser.token;
    try {
      T read = production.read();
      requireSeparateNumbers(before, parser.token);
      return read;
    } catch (ParseException | TokenMgrError | CalciteContextException e) {
      throw syntaxError(parser, text, e);
    } catch (StackOverflowError e) {
      throw new VarveException(
          ErrorCode.SYNTAX_ERROR, "the statement is nested too deeply to be read; split it", e);
    }
  }

  /// `12abc` is neither a number nor a name, and nobody means `12 AS abc` by it.
  private static void requireSeparateNumbers(Token before, Token last) {
    for (Token token = before; token != last && token.next != null; token = token.next) {
      Token next = token.next;
      if (isNumber(token)
          && token.endLine == next.beginLine
          && token.endColumn + 1 == next.beginColumn
          && !next.image.isEmpty() // the end of the text
          && (Character.isLetter(next.image.charAt(0)) || next.image.charAt(0) == '_')
          && next != last.next) {
        throw new VarveException(
            ErrorCode.SYNTAX_ERROR,
            "line "
                + token.beginLine
                + ", column "
                + token.beginColumn
                + ": \""
                + token.image
                + next.image
                + "\" is neither a number nor a name; put a space between them, or quote the name");
      }
    }
  }

  private static boolean isNumber(Token token) {
    return switch (token.kind) {
      case VarveParserConstants.UNSIGNED_INTEGER_LITERAL,
          VarveParserConstants.DECIMAL_NUMERIC_LITERAL,
          VarveParserConstants.APPROX_NUMERIC_LITERAL ->
          true;
      default -> false;
    };
  }

  private static VarveException syntaxError(VarveParser parser, String text, Throwable cause) {
    if (cause instanceof ParseException unexpected && unexpected.currentToken != null) {
      return unexpectedToken(unexpected);
    }
    if (cause instanceof TokenMgrError) {
      return new VarveException(ErrorCode.SYNTAX_ERROR, lexicalError(text, cause.getMessage()));
    }
    SqlParseException normal = parser.normalizeException(cause);
    SqlParserPos pos = normal.getPos();
    String place =
        pos == null ? "" : "line " + pos.getLineNum() + ", column " + pos.getColumnNum() + ": ";
    return new VarveException(ErrorCode.SYNTAX_ERROR, place + normal.getMessage());
  }

  private static VarveException unexpectedToken(ParseException unexpected) {
    Token found = unexpected.currentToken.next;
    String what =
        found.kind == VarveParserConstants.EOF
            ? "the statement ends too early"
            : isQuote(found)
                ? "what is quoted here never ends"
                : "unexpected \"" + found.image + "\"";
    return new VarveException(
        ErrorCode.SYNTAX_ERROR,
        "line "
            + found.beginLine
            + ", column "
            + found.beginColumn
            + ": "
            + what
            + (isQuote(found) ? "" : expected(unexpected)));
  }

  /// A quote that stands alone opens something that is not closed.
  private static boolean isQuote(Token token) {
    return token.image.equals("'") || token.image.equals("\"");
  }

  /// What could have stood there instead, where that is few words.
  private static String expected(ParseException unexpected) {
    Set<String> names = new TreeSet<>();
    for (int[] sequence : unexpected.expectedTokenSequences) {
      if (sequence.length > 0) {
        names.add(unexpected.tokenImage[sequence[0]].replaceAll("^\"|\"$", ""));
      }
    }
    names.removeIf(name -> name.equals("\\u0007"));
    if (names.contains("<IDENTIFIER>")) {
      return names.contains("CASE") ? "; expected an expression" : "; expected a name";
    }
    return names.isEmpty() || names.size() > MAX_EXPECTED
        ? ""
        : "; expected " + String.join(" or ", names).replace("<EOF>", "the end");
  }

  private static String lexicalError(String text, String message) {
    java.util.regex.Matcher place =
        java.util.regex.Pattern.compile("line (\\d+), column (\\d+)").matcher(message);
    if (!place.find()) {
      return "the statement cannot be read: " + message;
    }
    String where = "line " + place.group(1) + ", column " + place.group(2) + ": ";
    return message.contains("<EOF>")
        ? where + "the statement ends inside a quoted string, name or comment"
        : where + "unexpected character";
  }
}
