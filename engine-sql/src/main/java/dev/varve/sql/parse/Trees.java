// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.OperandTypes;

/// Pieces of trees for the grammar's actions.
final class Trees {
  private static final Set<String> EXPLAIN_KINDS =
      Set.of("PLAN", "PIPELINE", "SYNTAX", "ESTIMATE", "ANALYZE", "AST", "QUERY");

  private static final Set<String> AFTER_COLUMN_NAME =
      Set.of(
          "DEFAULT",
          "MATERIALIZED",
          "ALIAS",
          "EPHEMERAL",
          "CODEC",
          "TTL",
          "COMMENT",
          "PRIMARY",
          "NOT",
          "NULL",
          "FIRST",
          "AFTER",
          ",",
          ";",
          "",
          ")");

  /// `a DIV b`: what is left of a division but for the remainder.
  static final SqlOperator DIV =
      new SqlBinaryOperator("DIV", SqlKind.OTHER, 60, true, null, null, OperandTypes.VARIADIC);

  private static final Map<String, SqlOperator> MEMBERSHIPS =
      Map.of(
          "in", SqlStdOperatorTable.IN,
          "globalin", SqlStdOperatorTable.IN,
          "notin", SqlStdOperatorTable.NOT_IN,
          "globalnotin", SqlStdOperatorTable.NOT_IN);

  private Trees() {}

  /// A query whose columns have these names; none leave it as it is.
  static Statement.Query withNames(Statement.Query query, List<String> names) {
    if (names.isEmpty()) {
      return query;
    }
    String text =
        "SELECT * FROM ("
            + query.text()
            + ") AS v("
            + names.stream()
                .map(name -> "`" + name.replace("`", "``") + "`")
                .collect(Collectors.joining(", "))
            + ")";
    return new Statement.Query(
        StatementParser.parseQuery(text), text, query.settings(), query.format());
  }

  /// A call of one of our functions, which the validator looks up by name.
  static SqlCall call(String function, SqlParserPos pos, SqlNode... arguments) {
    return call(function, pos, List.of(arguments));
  }

  static SqlCall call(String function, SqlParserPos pos, List<SqlNode> arguments) {
    return new SqlUnresolvedFunction(
            new SqlIdentifier(function, pos),
            null,
            null,
            null,
            null,
            SqlFunctionCategory.USER_DEFINED_FUNCTION)
        .createCall(pos, arguments);
  }

  /// The name of an aggregate with its parameters in it: `quantile(0.9)`, as its type spells it
  /// too.
  static SqlIdentifier parametric(SqlIdentifier name, List<SqlNode> parameters) {
    StringBuilder text = new StringBuilder(name.getSimple()).append('(');
    for (int i = 0; i < parameters.size(); i++) {
      text.append(i == 0 ? "" : ", ");
      append(name, parameters.get(i), text);
    }
    return new SqlIdentifier(text.append(')').toString(), name.getParserPosition());
  }

  private static boolean isArray(SqlCall call) {
    return call.getKind() == SqlKind.ARRAY_VALUE_CONSTRUCTOR
        || call.getOperator().getName().equals("array");
  }

  private static void append(SqlIdentifier name, SqlNode parameter, StringBuilder text) {
    if (parameter instanceof SqlLiteral literal) {
      text.append(
          literal.getValue() instanceof org.apache.calcite.util.NlsString string
              ? "'" + string.getValue().replace("\\", "\\\\").replace("'", "\\'") + "'"
              : literal.toValue());
    } else if (parameter instanceof SqlCall call && isArray(call)) {
      text.append('[');
      List<SqlNode> elements = call.getOperandList();
      for (int i = 0; i < elements.size(); i++) {
        text.append(i == 0 ? "" : ", ");
        append(name, elements.get(i), text);
      }
      text.append(']');
    } else {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          place(parameter.getParserPosition())
              + "a parameter of "
              + name.getSimple()
              + " must be a literal");
    }
  }

  /// `0xFF`.
  static SqlNode hexNumber(String image, SqlParserPos pos) {
    return SqlLiteral.createExactNumeric(new BigInteger(image.substring(2), 16).toString(), pos);
  }

  /// `b'01100001'`: a text by its bits.
  static SqlNode bitString(String image, SqlParserPos pos) {
    return call(
        "unbin", pos, SqlLiteral.createCharString(image.substring(2, image.length() - 1), pos));
  }

  /// `nan` and `inf` as numbers; any other name as it is.
  static SqlNode specialNumber(SqlIdentifier id) {
    boolean special =
        id.isSimple()
            && !id.isComponentQuoted(0)
            && (id.getSimple().equalsIgnoreCase("nan") || id.getSimple().equalsIgnoreCase("inf"));
    SqlParserPos pos = id.getParserPosition();
    return special
        ? SqlStdOperatorTable.CAST.createCall(
            pos,
            SqlLiteral.createCharString(id.getSimple().toLowerCase(Locale.ROOT), pos),
            DataTypeSpec.of("Float64", pos))
        : id;
  }

  /// What a SELECT without FROM reads: one row.
  static SqlNode oneRow(SqlParserPos pos) {
    return aliasTable(
        SqlStdOperatorTable.COLLECTION_TABLE.createCall(
            pos, call("numbers", pos, SqlLiteral.createExactNumeric("1", pos))),
        new SqlIdentifier("_one", pos),
        null,
        pos);
  }

  /// `substring(a FROM b FOR c)`, `trim(side a FROM b)`, or either with commas.
  static SqlNode textCall(
      String name, String side, SqlNode a, SqlNode b, SqlNode c, SqlParserPos pos) {
    if (name.equalsIgnoreCase("substring")) {
      return c == null ? call("substring", pos, a, b) : call("substring", pos, a, b, c);
    }
    String function =
        switch (side.toUpperCase(Locale.ROOT)) {
          case "LEADING" -> "trimLeft";
          case "TRAILING" -> "trimRight";
          default -> "trimBoth";
        };
    if (a == null || b == null) {
      return call(function, pos, a == null ? b : a);
    }
    return call(function, pos, b, a);
  }

  /// The list behind IN: elements of an array or tuple, the rows of a table, or one value.
  static SqlNodeList inOperand(SqlNode e) {
    SqlParserPos pos = e.getParserPosition();
    if (e instanceof SqlIdentifier table) {
      SqlNode query = PlainSelect.of(List.of(SqlIdentifier.star(pos)), table, pos);
      return new SqlNodeList(List.of(query), pos);
    }
    return isCall(e, "array") || isCall(e, "tuple")
        ? new SqlNodeList(((SqlCall) e).getOperandList(), pos)
        : new SqlNodeList(List.of(e), pos);
  }

  private static boolean isCall(SqlNode e, String name) {
    return e instanceof SqlCall call
        && call.getOperator() instanceof SqlUnresolvedFunction
        && call.getOperator().getName().equalsIgnoreCase(name);
  }

  /// What stands in parentheses behind IN; `(1,)` is a list of one there.
  static SqlNodeList inOperands(SqlNodeList list) {
    return list.size() == 1 && isCall(list.get(0), "tuple") ? inOperand(list.get(0)) : list;
  }

  /// A comma behind the last element, which makes a tuple of a single one: `(1,)`.
  static void endTuple(List<SqlNode> list, SqlParserPos pos) {
    if (list.size() == 1) {
      list.set(0, call("tuple", pos, list.get(0)));
    }
  }

  /// Whether a call spells IN as a function: `in(x, (1, 2))`.
  static boolean isMembership(SqlIdentifier name, List<SqlNode> arguments) {
    return name.isSimple() && arguments.size() == 2 && MEMBERSHIPS.containsKey(lower(name));
  }

  static SqlCall membership(String name, List<SqlNode> arguments, SqlParserPos pos) {
    SqlNode second = arguments.get(1);
    SqlNodeList list =
        second.getKind() == SqlKind.ROW
            ? new SqlNodeList(((SqlCall) second).getOperandList(), pos)
            : inOperand(second);
    return MEMBERSHIPS.get(name.toLowerCase(Locale.ROOT)).createCall(pos, arguments.get(0), list);
  }

  private static String lower(SqlIdentifier name) {
    return name.getSimple().toLowerCase(Locale.ROOT);
  }

  static Statement.Name tableName(ParseState state, SqlIdentifier id) {
    return switch (id.names.size()) {
      case 1 -> new Statement.Name(Optional.empty(), id.names.get(0));
      case 2 -> new Statement.Name(Optional.of(id.names.get(0)), id.names.get(1));
      default ->
          throw new VarveException(
              ErrorCode.SYNTAX_ERROR,
              place(id.getParserPosition())
                  + "a table's name has at most two parts, database.table; found \""
                  + id
                  + "\"");
    };
  }

  /// A table by its name; `system.numbers` is the table function without an end.
  static SqlNode table(SqlIdentifier name) {
    boolean numbers =
        name.names.size() == 2
            && name.names.get(0).equals("system")
            && (name.names.get(1).equals("numbers") || name.names.get(1).equals("numbers_mt"));
    if (!numbers) {
      return name;
    }
    SqlParserPos pos = name.getParserPosition();
    SqlCall call =
        call(
            "numbers",
            pos,
            SqlLiteral.createExactNumeric("0", pos),
            SqlLiteral.createExactNumeric(Long.toString(Long.MAX_VALUE), pos));
    return aliasTable(
        SqlStdOperatorTable.COLLECTION_TABLE.createCall(pos, call),
        new SqlIdentifier("numbers", pos),
        null,
        pos);
  }

  static SqlNode aliasTable(
      SqlNode table, SqlIdentifier alias, SqlNodeList columns, SqlParserPos end) {
    boolean aliased = table.getKind() == SqlKind.AS;
    List<SqlNode> operands = new ArrayList<>();
    operands.add(aliased ? ((SqlCall) table).operand(0) : table);
    operands.add(alias);
    if (columns != null) {
      operands.addAll(columns.getList());
    }
    return new SqlBasicCall(SqlStdOperatorTable.AS, operands, table.getParserPosition().plus(end));
  }

  static boolean isExplainKind(Token token) {
    return EXPLAIN_KINDS.contains(token.image.toUpperCase(Locale.ROOT));
  }

  static boolean isWord(Token token, String word) {
    return token.image.equalsIgnoreCase(word);
  }

  /// Whether SYSTEM goes on with DROP or RESTORE QUARANTINED PART.
  static boolean isQuarantinedPart(Token first, Token second, Token third) {
    return (isWord(first, "DROP") || isWord(first, "RESTORE"))
        && isWord(second, "QUARANTINED")
        && isWord(third, "PART");
  }

  /// Whether SHOW goes on with `COLUMNS` or another word for it.
  static boolean isColumns(Token token) {
    return Set.of("COLUMNS", "FIELDS").contains(token.image.toUpperCase(Locale.ROOT));
  }

  /// Whether SHOW goes on with `INDEX` or another word for it.
  static boolean isIndexes(Token token) {
    return Set.of("INDEX", "INDEXES", "INDICES", "KEYS")
        .contains(token.image.toUpperCase(Locale.ROOT));
  }

  /// Whether SYSTEM goes on with something that has nothing to do here.
  static boolean isWithoutEffect(Token first, Token second) {
    return switch (first.image.toUpperCase(Locale.ROOT)) {
      case "RELOAD", "RESTART", "WAIT", "ENABLE", "DISABLE", "JEMALLOC" -> true;
      case "DROP" -> !isWord(second, "QUARANTINED");
      case "START", "STOP" ->
          Set.of(
                  "FETCHES",
                  "MOVES",
                  "REPLICATED",
                  "REPLICATION",
                  "DISTRIBUTED",
                  "PULLING",
                  "CLEANUP")
              .contains(second.image.toUpperCase(Locale.ROOT));
      default -> false;
    };
  }

  /// Whether a column of CREATE TABLE goes on without a type.
  static boolean endsColumnType(Token token) {
    return AFTER_COLUMN_NAME.contains(token.image.toUpperCase(Locale.ROOT));
  }

  /// Whether a token is this word, in whatever case and unquoted.
  static boolean is(Token token, String word) {
    return token.image.equalsIgnoreCase(word);
  }

  /// @throws VarveException SYNTAX_ERROR if the token is another word
  static void expect(Token token, String word) {
    if (!is(token, word)) {
      throw new VarveException(
          ErrorCode.SYNTAX_ERROR,
          "line "
              + token.beginLine
              + ", column "
              + token.beginColumn
              + ": "
              + (token.kind == VarveParserConstants.EOF
                  ? "the statement ends too early"
                  : "unexpected \"" + token.image + "\"")
              + "; expected "
              + word);
    }
  }

  /// Whether these are `name REMOVE what` or `name.name REMOVE what`.
  static boolean removes(Token first, Token second, Token third, Token fourth) {
    return is(second, "REMOVE") || (is(second, ".") && is(fourth, "REMOVE") && third != first);
  }

  /// Throws: the word is known and what it asks for is not there.
  static void refuse(ParseState state, Token at, String what) {
    throw new VarveException(
        ErrorCode.NOT_IMPLEMENTED,
        "line " + at.beginLine + ", column " + at.beginColumn + ": " + what + " is not supported");
  }

  static String place(SqlParserPos pos) {
    return "line " + pos.getLineNum() + ", column " + pos.getColumnNum() + ": ";
  }
}
