// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import static dev.varve.sql.parse.StarMarks.call;

import dev.varve.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLambda;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelectKeyword;
import org.apache.calcite.sql.parser.SqlParserPos;

/// Aggregates that say in what order they take their rows: `array_agg(x ORDER BY y)`,
/// `string_agg(x, ',' ORDER BY y)`, `percentile_cont(0.5) WITHIN GROUP (ORDER BY x)`. They become
/// lists that are sorted when they are whole, so that rows may be gathered in any order.
final class OrderedAggregates {
  private static final Set<String> LISTS = Set.of("array_agg", "grouparray");

  // The names of the standard give NULL over no rows, ClickHouse's give the empty text.
  private static final Map<String, String> TEXTS =
      Map.of(
          "string_agg", "groupConcatOrNull",
          "listagg", "groupConcatOrNull",
          "group_concat", "groupConcat",
          "groupconcat", "groupConcat");

  private OrderedAggregates() {}

  /// The aggregate that joins texts under this name, or null where it is another.
  static String joiningTexts(String name) {
    return TEXTS.get(name.toLowerCase(Locale.ROOT));
  }

  /// The call without the order, over names that are not rewritten yet; null where there is no
  /// order.
  ///
  /// @param condition of FILTER, or null
  static SqlNode plain(SqlCall given, SqlNode condition) {
    if (given.getKind() == SqlKind.WITHIN_GROUP) {
      return ordered(given.operand(0), given.operand(1), condition);
    }
    int last = given.operandCount() - 1;
    if (last < 1 || !(given.operand(last) instanceof SqlNodeList order)) {
      return null;
    }
    return ordered(given, order, condition);
  }

  private static SqlNode ordered(SqlCall aggregate, SqlNodeList order, SqlNode condition) {
    String name = aggregate.getOperator().getName().toLowerCase(Locale.ROOT);
    List<SqlNode> operands = new ArrayList<>(aggregate.getOperandList());
    operands.removeIf(operand -> operand instanceof SqlNodeList);
    SqlParserPos position = aggregate.getParserPosition();
    if (name.equals("percentile_cont") || name.equals("percentile_disc")) {
      return percentile(name, operands, order, condition, position);
    }
    String texting = TEXTS.get(name);
    if (texting == null && !LISTS.contains(name)) {
      return reduced(aggregate, operands, order, condition);
    }
    SqlNode list = list(operands.getFirst(), order, isDistinct(aggregate), condition);
    if (texting == null) {
      return list;
    }
    SqlNode texts = call("arrayMap", List.of(lambda(call("toString", List.of(element()))), list));
    SqlNode separator =
        operands.size() > 1 ? operands.get(1) : SqlLiteral.createCharString("", position);
    SqlNode joined = call("arrayStringConcat", List.of(texts, separator));
    return texting.equals("groupConcat") ? joined : unlessEmpty(list, joined, position);
  }

  /// Any other aggregate over the list of its rows when that is sorted.
  private static SqlNode reduced(
      SqlCall aggregate, List<SqlNode> operands, SqlNodeList order, SqlNode condition) {
    SqlParserPos position = aggregate.getParserPosition();
    if (operands.size() != 1) {
      throw Place.error(
          ErrorCode.NOT_IMPLEMENTED,
          position,
          "ORDER BY inside "
              + aggregate.getOperator().getName()
              + " of several arguments is not supported; order the rows in a subquery");
    }
    SqlNode rows = list(operands.getFirst(), order, isDistinct(aggregate), condition);
    SqlNode function = SqlLiteral.createCharString(aggregate.getOperator().getName(), position);
    return call("arrayReduce", List.of(function, rows));
  }

  private static boolean isDistinct(SqlCall aggregate) {
    SqlLiteral quantifier = aggregate.getFunctionQuantifier();
    return quantifier != null && quantifier.getValue() == SqlSelectKeyword.DISTINCT;
  }

  /// Values that are not NULL, in the order of their keys.
  private static SqlNode list(
      SqlNode value, SqlNodeList order, boolean distinct, SqlNode condition) {
    boolean descending = isDescending(order);
    List<SqlNode> row = new ArrayList<>(List.of(value));
    order.forEach(item -> row.add(key(item)));
    String function =
        (distinct ? "groupUniqArray" : "groupArray") + (condition == null ? "" : "If");
    List<SqlNode> operands = new ArrayList<>(List.of(call("tuple", row)));
    if (condition != null) {
      operands.add(condition);
    }
    SqlNode rows =
        call(
            "arrayFilter",
            List.of(lambda(call("isNotNull", List.of(field(1)))), call(function, operands)));
    List<SqlNode> keys = new ArrayList<>();
    for (int i = 2; i <= row.size(); i++) {
      keys.add(field(i));
    }
    SqlNode by = keys.size() == 1 ? keys.getFirst() : call("tuple", keys);
    SqlNode sorted = call(descending ? "arrayReverseSort" : "arraySort", List.of(lambda(by), rows));
    return call("arrayMap", List.of(lambda(field(1)), sorted));
  }

  private static SqlNode percentile(
      String name,
      List<SqlNode> operands,
      SqlNodeList order,
      SqlNode condition,
      SqlParserPos position) {
    if (operands.size() != 1
        || order.size() != 1
        || !(operands.getFirst() instanceof SqlLiteral share)) {
      throw Place.error(
          ErrorCode.BAD_ARGUMENTS,
          position,
          name + "(share) WITHIN GROUP (ORDER BY x) takes a constant share and one column");
    }
    SqlNode sorted = list(key(order.get(0)), order, false, condition);
    SqlNode size = call("length", List.of(sorted));
    if (name.equals("percentile_disc")) {
      SqlNode place = call("ceil", List.of(call("multiply", List.of(share, size))));
      SqlNode index =
          call("toInt64", List.of(call("greatest", List.of(number(1, position), place))));
      return unlessEmpty(sorted, call("arrayElement", List.of(sorted, index)), position);
    }
    SqlNode place =
        call("multiply", List.of(share, call("minus", List.of(size, number(1, position)))));
    SqlNode below = call("toInt64", List.of(call("floor", List.of(place))));
    SqlNode low = at(sorted, below, 1, position);
    // Behind the last one stands nothing, and nothing is taken of it.
    SqlNode last = call("least", List.of(call("plus", List.of(below, number(2, position))), size));
    SqlNode next = call("toInt64", List.of(last));
    SqlNode high = call("toFloat64", List.of(call("arrayElement", List.of(sorted, next))));
    SqlNode between = call("minus", List.of(place, below));
    SqlNode step = call("multiply", List.of(between, call("minus", List.of(high, low))));
    return unlessEmpty(sorted, call("plus", List.of(low, step)), position);
  }

  private static SqlNode at(SqlNode list, SqlNode index, int plus, SqlParserPos position) {
    SqlNode place = call("plus", List.of(index, number(plus, position)));
    return call("toFloat64", List.of(call("arrayElement", List.of(list, place))));
  }

  private static SqlNode unlessEmpty(SqlNode list, SqlNode value, SqlParserPos position) {
    return call(
        "if", List.of(call("empty", List.of(list)), SqlLiteral.createNull(position), value));
  }

  private static boolean isDescending(SqlNodeList order) {
    long descending = order.stream().filter(item -> item.getKind() == SqlKind.DESCENDING).count();
    if (descending != 0 && descending != order.size()) {
      throw Place.error(
          ErrorCode.NOT_IMPLEMENTED,
          order.getParserPosition(),
          "the ORDER BY of an aggregate is ascending or descending in all its columns");
    }
    return descending != 0;
  }

  private static SqlNode key(SqlNode item) {
    return switch (item.getKind()) {
      case DESCENDING, NULLS_FIRST, NULLS_LAST -> key(((SqlCall) item).operand(0));
      default -> item;
    };
  }

  private static SqlNode number(int value, SqlParserPos position) {
    return SqlLiteral.createExactNumeric(Integer.toString(value), position);
  }

  private static SqlIdentifier element() {
    return new SqlIdentifier("_ordered", SqlParserPos.ZERO);
  }

  private static SqlNode field(int place) {
    return call("tupleElement", List.of(element(), number(place, SqlParserPos.ZERO)));
  }

  private static SqlNode lambda(SqlNode body) {
    return new SqlLambda(
        SqlParserPos.ZERO, new SqlNodeList(List.of(element()), SqlParserPos.ZERO), body);
  }
}
