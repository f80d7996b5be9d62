// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.parse.PlainSelect;
import dev.varve.sql.parse.StarMarks;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `untuple(t)` and `t.*` of a tuple: the fields side by side, as items of a select list or as
/// arguments of a call. How many there are, only the type tells, so the tuple is settled first, in
/// a query of its own over the same FROM.
final class Untuples {
  private final SqlSelect select;
  private final Names names;
  private final Function<SqlNode, List<DataType>> types;

  /// @param names what the FROM of the query has
  /// @param types settles a query where the one at hand stands, and gives the types of its columns
  Untuples(SqlSelect select, Names names, Function<SqlNode, List<DataType>> types) {
    this.select = select;
    this.names = names;
    this.types = types;
  }

  /// The select list without tuples that are to be taken apart; the list itself where it has none.
  SqlNodeList items() {
    SqlNodeList list = select.getSelectList();
    if (list.stream().noneMatch(this::isIn)) {
      return list;
    }
    List<SqlNode> items = new ArrayList<>();
    list.forEach(item -> items.addAll(item(item)));
    return new SqlNodeList(items, list.getParserPosition());
  }

  private boolean isIn(SqlNode node) {
    return switch (node) {
      case null -> false;
      case SqlIdentifier star -> isTuple(star);
      case SqlSelect _ -> false;
      case SqlCall call when call.isA(SqlKind.QUERY) -> false;
      case SqlCall call -> isCall(call) || call.getOperandList().stream().anyMatch(this::isIn);
      default -> false;
    };
  }

  private static boolean isCall(SqlNode node) {
    return node instanceof SqlCall call
        && call.operandCount() == 1
        && call.getOperator().getName().equals("untuple");
  }

  /// Whether what stands before the star is no table, and so a tuple.
  private boolean isTuple(SqlIdentifier star) {
    return star.isStar()
        && star.names.size() == 2
        && names.source(star.names.getFirst()).isEmpty()
        && (names.column(star.names.getFirst()).isPresent()
            || names.alias(star.names.getFirst()).isPresent());
  }

  private List<SqlNode> item(SqlNode item) {
    if (item.getKind() == SqlKind.AS && isCall(((SqlCall) item).operand(0))) {
      SqlCall as = (SqlCall) item;
      String name = as.<SqlIdentifier>operand(1).getSimple();
      return apart(as.<SqlCall>operand(0).operand(0), name);
    }
    if (item instanceof SqlIdentifier star && isTuple(star)) {
      String name = star.names.getFirst();
      return apart(new SqlIdentifier(name, star.getParserPosition()), name);
    }
    if (isCall(item)) {
      return apart(((SqlCall) item).operand(0), null);
    }
    return isIn(item) ? List.of(inside((SqlCall) item)) : List.of(item);
  }

  /// A call with tuples taken apart among its arguments.
  private SqlNode inside(SqlCall call) {
    List<SqlNode> operands = new ArrayList<>();
    for (SqlNode operand : call.getOperandList()) {
      if (isCall(operand)) {
        for (SqlNode field : apart(((SqlCall) operand).operand(0), null)) {
          operands.add(((SqlCall) field).operand(0));
        }
      } else {
        operands.add(isIn(operand) && operand instanceof SqlCall at ? inside(at) : operand);
      }
    }
    return new SqlBasicCall(
        call.getOperator(), operands, call.getParserPosition(), call.getFunctionQuantifier());
  }

  /// @param name what stands before the field's name, or null where nobody gave one
  private List<SqlNode> apart(SqlNode value, String name) {
    SqlParserPos position = value.getParserPosition();
    if (!(typeOf(value).unwrapped() instanceof DataType.Tuple tuple)) {
      throw Place.error(
          ErrorCode.ILLEGAL_TYPE_OF_ARGUMENT,
          position,
          "untuple wants a tuple, found " + typeOf(value).name());
    }
    List<SqlNode> fields = new ArrayList<>();
    for (int i = 0; i < tuple.fields().size(); i++) {
      String field = tuple.names().isEmpty() ? "" + (i + 1) : tuple.names().get(i);
      SqlNode element =
          StarMarks.call(
              "tupleElement",
              List.of(value, SqlLiteral.createExactNumeric("" + (i + 1), position)));
      String shown =
          name == null
              ? "tupleElement(" + ItemText.of(value) + ", '" + field + "')"
              : name + "." + field;
      fields.add(
          SqlStdOperatorTable.AS.createCall(position, element, new SqlIdentifier(shown, position)));
    }
    return fields;
  }

  private DataType typeOf(SqlNode value) {
    SqlParserPos position = value.getParserPosition();
    List<SqlNode> items = new ArrayList<>();
    for (SqlNode item : select.getSelectList()) {
      if (item.getKind() == SqlKind.AS && !isIn(item)) {
        items.add(item);
      }
    }
    items.add(value);
    SqlSelect asked = PlainSelect.of(items, select.getFrom(), select.getWhere(), position);
    asked.setGroupBy(select.getGroup());
    return types.apply(asked).getLast();
  }
}
