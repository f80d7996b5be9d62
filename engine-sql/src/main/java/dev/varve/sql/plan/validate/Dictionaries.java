// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import static dev.varve.sql.parse.StarMarks.call;

import dev.varve.sql.catalog.Relation;
import dev.varve.sql.parse.DictionaryKeys;
import dev.varve.sql.parse.PlainSelect;
import dev.varve.sql.plan.PlanContext;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `dictGet('name', 'attribute', key)` and its kin: queries that depend on the row, over the view
/// that a dictionary is.
final class Dictionaries {
  private static final String TRIE = "IP_TRIE";
  private static final String INSIDE = "_dictionary_";
  private static final String VALUE = "_dictionary";

  private final PlanContext context;
  private final SqlCall given;
  private final SqlParserPos position;
  private final TableDefinition dictionary;

  private Dictionaries(SqlCall given, PlanContext context) {
    this.context = context;
    this.given = given;
    this.position = given.getParserPosition();
    this.dictionary = dictionary(given.operand(0));
  }

  static boolean is(String function) {
    return function.startsWith("dictGet") || function.equals("dictHas");
  }

  static SqlNode of(SqlCall call, PlanContext context) {
    String name = call.getOperator().getName();
    boolean has = name.equals("dictHas");
    boolean orDefault = name.endsWith("OrDefault");
    int least = has ? 2 : orDefault ? 4 : 3;
    boolean typed =
        name.matches(
            "dictGet(U?Int\\d+|Float\\d+|String|Date|DateTime|UUID|IPv[46])?(OrDefault|OrNull)?");
    if (!has && !typed) {
      throw Place.error(
          ErrorCode.NOT_IMPLEMENTED,
          call.getParserPosition(),
          name + " is not there; a query WITH RECURSIVE over the dictionary gives its rows");
    }
    if (call.operandCount() < least || call.operandCount() > least + 1) {
      throw Place.error(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          call.getParserPosition(),
          name + " takes " + least + " arguments, and a value of the range where there is one");
    }
    Dictionaries at = new Dictionaries(call, context);
    return has ? at.has() : at.get(orDefault, name.endsWith("OrNull"));
  }

  private SqlNode has() {
    SqlNode count = call("count", List.of());
    SqlNode rows =
        SqlStdOperatorTable.SCALAR_QUERY.createCall(
            position,
            PlainSelect.of(
                List.of(count), from(keys().getFirst()), condition(given.operand(1), 2), position));
    SqlNode found = call("ifNull", List.of(rows, number("0")));
    return call(
        "if", List.of(call("greater", List.of(found, number("0"))), number("1"), number("0")));
  }

  private SqlNode get(boolean orDefault, boolean orNull) {
    SqlNode wanted = given.operand(1);
    int last = given.operandCount() - 1;
    if (!isTuple(wanted)) {
      return attribute(wanted, orDefault ? given.operand(last) : null, orDefault, orNull);
    }
    List<SqlNode> values = new ArrayList<>();
    List<SqlNode> attributes = ((SqlCall) wanted).getOperandList();
    for (int i = 0; i < attributes.size(); i++) {
      SqlNode otherwise =
          orDefault
              ? call("tupleElement", List.of(given.operand(last), number("" + (i + 1))))
              : null;
      values.add(attribute(attributes.get(i), otherwise, orDefault, orNull));
    }
    return call("tuple", values);
  }

  private SqlNode attribute(SqlNode named, SqlNode otherwise, boolean orDefault, boolean orNull) {
    String wanted = TableFunctions.text(named);
    List<String> columns = dictionary.columns().stream().map(ColumnDefinition::name).toList();
    if (!columns.contains(wanted)) {
      throw Place.error(
          ErrorCode.BAD_ARGUMENTS,
          position,
          "no attribute \""
              + wanted
              + "\" in the dictionary "
              + dictionary.name()
              + NearNames.suggest(wanted, columns));
    }
    SqlNode value =
        isTrie()
            ? call("argMaxOrNull", List.of(value(), bits()))
            : call("anyLastOrNull", List.of(value()));
    SqlNode row =
        SqlStdOperatorTable.SCALAR_QUERY.createCall(
            position,
            PlainSelect.of(List.of(value), from(wanted), condition(given.operand(2), 3), position));
    if (orNull) {
      return row;
    }
    if (orDefault) {
      return call("ifNull", List.of(row, otherwise));
    }
    var type = dictionary.columns().get(columns.indexOf(wanted)).type();
    String expression = dictionary.settings().getOrDefault(DictionaryKeys.DEFAULT + wanted, "");
    if (expression.isEmpty() && type.isNullable()) {
      return row;
    }
    SqlNode absent =
        expression.isEmpty()
            ? call("defaultValueOfTypeName", List.of(text(type.unwrapped().name())))
            : call("CAST", List.of(expressionOf(expression), text(type.name())));
    return call("ifNull", List.of(row, absent));
  }

  private SqlNode expressionOf(String expression) {
    SqlNode parsed = context.parser().apply("SELECT " + expression);
    return ((org.apache.calcite.sql.SqlSelect) parsed).getSelectList().get(0);
  }

  private SqlNode bits() {
    SqlNode prefix = column(keys().getFirst());
    SqlNode parts = call("splitByChar", List.of(text("/"), prefix));
    return call("toUInt8OrZero", List.of(call("arrayElement", List.of(parts, number("2")))));
  }

  private boolean isTrie() {
    return dictionary
        .settings()
        .getOrDefault(DictionaryKeys.LAYOUT, "")
        .toUpperCase(Locale.ROOT)
        .equals(TRIE);
  }

  private List<String> keys() {
    return List.of(dictionary.settings().get(DictionaryKeys.KEY).split("\n"));
  }

  /// @param next where the value of the range stands among the arguments
  private SqlNode condition(SqlNode key, int next) {
    List<String> keys = keys();
    if (isTrie()) {
      return call(
          "isIPAddressInRange",
          List.of(call("toString", List.of(part(key, 0, 1))), column(keys.getFirst())));
    }
    SqlNode condition = null;
    for (int i = 0; i < keys.size(); i++) {
      condition = and(condition, equal(column(keys.get(i)), part(key, i, keys.size())));
    }
    String range = dictionary.settings().getOrDefault(DictionaryKeys.RANGE, "");
    if (range.isEmpty()) {
      return condition;
    }
    if (given.operandCount() <= next) {
      throw Place.error(
          ErrorCode.NUMBER_OF_ARGUMENTS_DOESNT_MATCH,
          position,
          "dictionary " + dictionary.name() + " has ranges; give the value to look for in them");
    }
    String[] ends = range.split("\n");
    SqlNode value = given.operand(next);
    return and(
        and(condition, within(SqlKind.LESS_THAN_OR_EQUAL, ends[0], value)),
        within(SqlKind.GREATER_THAN_OR_EQUAL, ends[1], value));
  }

  /// A missing end of a range is none.
  private SqlNode within(SqlKind kind, String end, SqlNode value) {
    SqlNode compared =
        kind == SqlKind.LESS_THAN_OR_EQUAL
            ? SqlStdOperatorTable.LESS_THAN_OR_EQUAL.createCall(position, column(end), value)
            : SqlStdOperatorTable.GREATER_THAN_OR_EQUAL.createCall(position, column(end), value);
    boolean open = dictionary.column(end).filter(c -> c.type().isNullable()).isPresent();
    return open
        ? SqlStdOperatorTable.OR.createCall(
            position, SqlStdOperatorTable.IS_NULL.createCall(position, column(end)), compared)
        : compared;
  }

  private SqlNode part(SqlNode key, int index, int count) {
    if (isTuple(key) && ((SqlCall) key).operandCount() == count) {
      return ((SqlCall) key).operand(index);
    }
    return count == 1 ? key : call("tupleElement", List.of(key, number("" + (index + 1))));
  }

  private static boolean isTuple(SqlNode node) {
    return node.getKind() == SqlKind.ROW
        || node instanceof SqlCall call && call.getOperator().getName().equals("tuple");
  }

  private SqlNode equal(SqlNode a, SqlNode b) {
    return SqlStdOperatorTable.EQUALS.createCall(position, a, b);
  }

  private SqlNode and(SqlNode a, SqlNode b) {
    return a == null ? b : SqlStdOperatorTable.AND.createCall(position, a, b);
  }

  private SqlNode number(String digits) {
    return SqlLiteral.createExactNumeric(digits, position);
  }

  private SqlNode text(String text) {
    return SqlLiteral.createCharString(text, position);
  }

  /// The dictionary with its columns under names of our own, so that those of the key's expression
  /// mean columns of the query around it.
  private SqlNode from(String wanted) {
    List<SqlNode> items = new ArrayList<>();
    for (String key : keys()) {
      items.add(item(key, INSIDE + key));
    }
    for (String end : dictionary.settings().getOrDefault(DictionaryKeys.RANGE, "").split("\n")) {
      if (!end.isEmpty() && !keys().contains(end)) {
        items.add(item(end, INSIDE + end));
      }
    }
    items.add(item(wanted, VALUE));
    SqlNode table =
        new SqlIdentifier(
            List.of(dictionary.name().database(), dictionary.name().table()), position);
    return SqlStdOperatorTable.AS.createCall(
        position, PlainSelect.of(items, table, position), new SqlIdentifier(INSIDE, position));
  }

  private SqlNode item(String column, String as) {
    return SqlStdOperatorTable.AS.createCall(
        position, new SqlIdentifier(column, position), new SqlIdentifier(as, position));
  }

  private SqlNode column(String column) {
    return new SqlIdentifier(List.of(INSIDE, INSIDE + column), position);
  }

  private SqlNode value() {
    return new SqlIdentifier(List.of(INSIDE, VALUE), position);
  }

  private TableDefinition dictionary(SqlNode named) {
    TableName name = nameOf(named, context);
    if (context.catalog().find(name).orElse(null) instanceof Relation.View(var view)
        && view.settings().containsKey(DictionaryKeys.KEY)) {
      return view;
    }
    throw Place.error(
        ErrorCode.BAD_ARGUMENTS, named.getParserPosition(), "no dictionary \"" + name + "\"");
  }

  static TableName nameOf(SqlNode named, PlanContext context) {
    String text =
        named instanceof SqlIdentifier id ? String.join(".", id.names) : TableFunctions.text(named);
    int dot = text.indexOf('.');
    return dot < 0
        ? new TableName(context.database(), text)
        : new TableName(text.substring(0, dot), text.substring(dot + 1));
  }
}
