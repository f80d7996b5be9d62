// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.util.Litmus;

/// WITH TOTALS as a SELECT of its own: the same aggregates over the rows of all groups that HAVING
/// keeps, and the default value for each key.
final class Totals {
  private Totals() {}

  /// The totals of a query, or null where it has none. A query that only names columns of one with
  /// totals has them too.
  static SqlNode of(ParseState state, SqlNode query) {
    if (query instanceof SqlWith with) {
      SqlNode totals = of(state, with.body);
      return totals == null ? null : new SqlWith(with.getParserPosition(), with.withList, totals);
    }
    if (!(query instanceof SelectNode select)) {
      return null;
    }
    return select.totals ? ofGroups(select) : passedOn(state, select);
  }

  private static SqlNode passedOn(ParseState state, SelectNode select) {
    SqlNode from = select.getFrom();
    boolean aliased = from != null && from.getKind() == SqlKind.AS;
    SqlNode inner = aliased ? ((SqlCall) from).operand(0) : from;
    SqlNode totals = inner == null ? null : state.totalsOf.get(inner);
    boolean plain =
        select.getGroup() == null
            && select.getWhere() == null
            && !select.isDistinct()
            && select.distinctOn == null
            && select.getSelectList().stream().allMatch(Totals::isColumn);
    if (totals == null || !plain) {
      return null;
    }
    List<SqlNode> operands = new ArrayList<>();
    operands.add(totals);
    if (aliased) {
      operands.addAll(
          ((SqlCall) from).getOperandList().subList(1, ((SqlCall) from).operandCount()));
    }
    SqlNode newFrom =
        aliased ? SqlStdOperatorTable.AS.createCall(from.getParserPosition(), operands) : totals;
    return PlainSelect.of(select.getSelectList().getList(), newFrom, select.getParserPosition());
  }

  private static boolean isColumn(SqlNode item) {
    return item instanceof SqlIdentifier
        || (item.getKind() == SqlKind.AS && ((SqlCall) item).operand(0) instanceof SqlIdentifier);
  }

  private static SqlNode ofGroups(SelectNode select) {
    List<SqlNode> keys = keys(select);
    List<SqlNode> items = new ArrayList<>();
    for (SqlNode item : select.getSelectList()) {
      items.add(withoutKeys(item, keys));
    }
    SqlNode where = select.getWhere();
    if (select.getHaving() != null && !keys.isEmpty()) {
      where = Selects.and(where, inGroups(select, keys));
    }
    return PlainSelect.of(items, select.getFrom(), where, select.getParserPosition());
  }

  /// The expressions that rows are grouped by; aliases and ordinals are what they stand for.
  private static List<SqlNode> keys(SelectNode select) {
    List<SqlNode> keys = new ArrayList<>();
    if (select.getGroup() == null) {
      return keys;
    }
    for (SqlNode key : select.getGroup()) {
      collect(key, select, keys);
    }
    return keys;
  }

  private static void collect(SqlNode key, SelectNode select, List<SqlNode> keys) {
    switch (key.getKind()) {
      case ROLLUP, CUBE, GROUPING_SETS, ROW ->
          ((SqlCall) key).getOperandList().forEach(part -> collect(part, select, keys));
      case LITERAL -> {
        if (key instanceof SqlNumericLiteral number
            && number.isInteger()
            && number.intValue(true) >= 1
            && number.intValue(true) <= select.getSelectList().size()) {
          keys.add(expression(select.getSelectList().get(number.intValue(true) - 1)));
        }
      }
      default -> {
        if (key instanceof SqlNodeList list) {
          list.forEach(part -> collect(part, select, keys));
          return;
        }
        keys.add(key);
        for (SqlNode item : select.getSelectList()) {
          if (item.getKind() == SqlKind.AS
              && ((SqlCall) item).operand(1).equalsDeep(key, Litmus.IGNORE)) {
            keys.add(expression(item));
          }
        }
      }
    }
  }

  private static SqlNode expression(SqlNode item) {
    return item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(0) : item;
  }

  private static SqlNode withoutKeys(SqlNode item, List<SqlNode> keys) {
    if (item.getKind() == SqlKind.AS) {
      SqlCall as = (SqlCall) item;
      SqlNode value = withoutKeys(as.operand(0), keys);
      return SqlStdOperatorTable.AS.createCall(item.getParserPosition(), value, as.operand(1));
    }
    for (SqlNode key : keys) {
      if (item.equalsDeep(key, Litmus.IGNORE)) {
        SqlParserPos pos = item.getParserPosition();
        SqlNode value = new TotalsKey(item);
        return item instanceof SqlIdentifier id
            ? SqlStdOperatorTable.AS.createCall(
                pos, value, new SqlIdentifier(id.names.getLast(), pos))
            : value;
      }
    }
    return item.accept(
        new SqlShuttle() {
          @Override
          public SqlNode visit(SqlCall call) {
            return call == item ? super.visit(call) : stripped(withoutKeys(call, keys));
          }

          @Override
          public SqlNode visit(SqlIdentifier id) {
            return id == item ? id : stripped(withoutKeys(id, keys));
          }
        });
  }

  private static SqlNode stripped(SqlNode node) {
    return node.getKind() == SqlKind.AS ? ((SqlCall) node).operand(0) : node;
  }

  private static SqlNode inGroups(SelectNode select, List<SqlNode> keys) {
    SqlParserPos pos = select.getParserPosition();
    List<SqlNode> own = keys.stream().filter(key -> !isAlias(select, key)).toList();
    SqlSelect groups = PlainSelect.of(own, select.getFrom(), select.getWhere(), pos);
    // The groups have no select list of their own, so what names its aliases sees expressions.
    Map<String, SqlNode> aliases = new HashMap<>();
    for (SqlNode item : select.getSelectList()) {
      if (item.getKind() == SqlKind.AS) {
        aliases.put(((SqlCall) item).<SqlIdentifier>operand(1).getSimple(), expression(item));
      }
    }
    AliasSubstitution substitution = new AliasSubstitution(aliases);
    groups.setGroupBy((SqlNodeList) substitution.apply(SqlNode.clone(select.getGroup())));
    groups.setHaving(substitution.apply(SqlNode.clone(select.getHaving())));
    SqlNode left = own.size() == 1 ? own.getFirst() : SqlStdOperatorTable.ROW.createCall(pos, own);
    return SqlStdOperatorTable.IN.createCall(pos, left, groups);
  }

  private static boolean isAlias(SelectNode select, SqlNode key) {
    return select.getSelectList().stream()
        .anyMatch(item ->
            item.getKind() == SqlKind.AS
                && ((SqlCall) item).operand(1).equalsDeep(key, Litmus.IGNORE));
  }
}
