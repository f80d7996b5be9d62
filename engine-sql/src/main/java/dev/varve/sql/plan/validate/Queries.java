// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.parse.OrderMarks;
import dev.varve.sql.plan.PlanContext;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// Rewrites queries from the dialect into what the validator understands: every name of a table a
/// leaf, every name of a column spelled as the table spells it, every call one of our functions.
/// Nothing of the given tree is changed.
final class Queries {
  /// A rewritten query and the names of its columns.
  record Rewritten(SqlNode node, List<String> columns) {}

  private final Expressions expressions;
  private final FromItems from;
  private final Recursion recursion;
  private final boolean groupOfConstants;
  private final Map<Names, Environment> environments = new IdentityHashMap<>();

  /// @param recursion settles queries that name themselves
  Queries(Typing typing, Relations relations, PlanContext context, Recursion recursion) {
    Operators operators = new Operators(typing);
    this.expressions =
        new Expressions(
            typing.functions(),
            operators,
            context,
            (query, names) -> rewrite(query, names, environmentOf(names)).node());
    this.recursion = recursion;
    this.groupOfConstants = context.dialect().groupOfConstants();
    this.from = new FromItems(this, expressions, relations, typing, context);
  }

  /// What holds around a query besides columns: names of WITH, and the database of bare names.
  ///
  /// @param withs columns of each name that a WITH of the rewritten query defines
  /// @param items those of WITH as they were given
  /// @param recursive what is read where a name stands for a query that names itself
  record Environment(
      Map<String, List<String>> withs,
      List<SqlNode> items,
      Map<String, Recursion.Leaf> recursive,
      String database) {
    static Environment of(String database) {
      return new Environment(Map.of(), List.of(), Map.of(), database);
    }

    Environment with(SqlWithItem item, List<String> columns) {
      Map<String, List<String>> more = new LinkedHashMap<>(withs);
      more.put(item.name.getSimple(), columns);
      Map<String, Recursion.Leaf> less = new LinkedHashMap<>(recursive);
      less.remove(item.name.getSimple());
      List<SqlNode> longer = new ArrayList<>(items);
      longer.add(item);
      return new Environment(more, longer, less, database);
    }

    Environment with(String name, Recursion.Leaf leaf) {
      Map<String, Recursion.Leaf> more = new LinkedHashMap<>(recursive);
      more.put(name, leaf);
      return new Environment(withs, items, more, database);
    }

    /// For a query that is rewritten on its own, with the items before it.
    Environment inside() {
      return new Environment(Map.of(), List.of(), recursive, database);
    }
  }

  private Environment environmentOf(Names names) {
    for (Names at = names; at != null; at = at.outer()) {
      Environment environment = environments.get(at);
      if (environment != null) {
        return environment;
      }
    }
    throw new IllegalStateException("an expression outside of any query");
  }

  Rewritten rewrite(SqlNode query, Names outer, Environment environment) {
    return switch (query) {
      case SqlOrderBy ordered -> ordered(ordered, outer, environment);
      case SqlSelect select -> {
        Names names = new Names(outer);
        yield select(select, names, environment);
      }
      case SqlWith with -> with(with, outer, new Names(outer), environment);
      case SqlCall call when call.getKind() == SqlKind.VALUES -> values(call, outer, environment);
      case SqlCall call -> setOperation(call, outer, environment);
      default -> throw new IllegalStateException("not a query: " + query.getKind() + " " + query);
    };
  }

  /// @param names gets what the body reads, if it is a plain SELECT
  private Rewritten with(SqlWith with, Names outer, Names names, Environment environment) {
    Environment inside = environment;
    List<SqlNode> items = new ArrayList<>();
    for (SqlNode node : with.withList) {
      SqlWithItem item = (SqlWithItem) node;
      String name = item.name.getSimple();
      if (item.recursive.booleanValue() && Recursion.reads(item.query, name)) {
        inside = inside.with(name, recursion.settle(item, inside));
        continue;
      }
      Rewritten query = rewrite(item.query, outer, inside);
      List<String> columns =
          item.columnList == null
              ? query.columns()
              : item.columnList.getList().stream().map(SqlNode::toString).toList();
      items.add(
          new SqlWithItem(
              item.getParserPosition(),
              item.name,
              item.columnList,
              query.node(),
              SqlLiteral.createBoolean(false, item.getParserPosition())));
      inside = inside.with(item, columns);
    }
    Rewritten body =
        with.body instanceof SqlSelect select
            ? select(select, names, inside)
            : rewrite(with.body, outer, inside);
    SqlParserPos position = with.getParserPosition();
    if (items.isEmpty()) {
      return body;
    }
    return new Rewritten(
        new SqlWith(position, new SqlNodeList(items, position), body.node()), body.columns());
  }

  private Rewritten values(SqlCall call, Names outer, Environment environment) {
    Names names = new Names(outer);
    environments.put(names, environment);
    List<SqlNode> rows = new ArrayList<>();
    int width = 0;
    for (SqlNode row : call.getOperandList()) {
      List<SqlNode> values =
          row.getKind() == SqlKind.ROW ? ((SqlCall) row).getOperandList() : List.of(row);
      width = values.size();
      rows.add(
          SqlStdOperatorTable.ROW.createCall(
              row.getParserPosition(), expressions.rewriteAll(values, names)));
    }
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      columns.add("EXPR$" + i);
    }
    return new Rewritten(
        SqlStdOperatorTable.VALUES.createCall(call.getParserPosition(), rows), columns);
  }

  private Rewritten setOperation(SqlCall call, Names outer, Environment environment) {
    List<SqlNode> operands = new ArrayList<>();
    List<String> columns = null;
    for (SqlNode operand : call.getOperandList()) {
      Rewritten query = rewrite(operand, outer, environment);
      operands.add(query.node());
      columns = columns == null ? query.columns() : columns;
    }
    return new Rewritten(
        call.getOperator().createCall(call.getParserPosition(), operands), columns);
  }

  private Rewritten ordered(SqlOrderBy ordered, Names outer, Environment environment) {
    Names names = new Names(outer);
    Rewritten query;
    if (ordered.query instanceof SqlSelect select) {
      query = select(select, names, environment);
    } else if (ordered.query instanceof SqlWith with && with.body instanceof SqlSelect) {
      // The order belongs to the SELECT behind WITH, and may name what it reads.
      query = with(with, outer, names, environment);
    } else {
      query = rewrite(ordered.query, outer, environment);
      names.add(Names.Source.of("", query.columns()));
      environments.put(names, environment);
    }
    SqlNodeList order = orderList(allColumns(ordered.orderList, query), names);
    return new Rewritten(
        new SqlOrderBy(
            ordered.getParserPosition(), query.node(), order, ordered.offset, ordered.fetch),
        query.columns());
  }

  // What the parser puts for ORDER BY ALL.
  private static SqlNodeList allColumns(SqlNodeList list, Rewritten query) {
    List<SqlNode> items = new ArrayList<>();
    for (SqlNode item : list) {
      if (isAll(item)) {
        for (int i = 1; i <= query.columns().size(); i++) {
          items.add(all(item, SqlLiteral.createExactNumeric("" + i, SqlParserPos.ZERO)));
        }
      } else {
        items.add(item);
      }
    }
    return new SqlNodeList(items, list.getParserPosition());
  }

  private static boolean isAll(SqlNode item) {
    return switch (item.getKind()) {
      case DESCENDING, NULLS_FIRST, NULLS_LAST -> isAll(((SqlCall) item).operand(0));
      default -> item instanceof SqlIdentifier id && id.toString().equals("ORDER BY ALL");
    };
  }

  private static SqlNode all(SqlNode item, SqlNode ordinal) {
    return item instanceof SqlCall call
        ? call.getOperator().createCall(item.getParserPosition(), all(call.operand(0), ordinal))
        : ordinal;
  }

  private SqlNodeList orderList(SqlNodeList list, Names names) {
    if (list == null) {
      return null;
    }
    List<SqlNode> items = new ArrayList<>();
    for (SqlNode item : list) {
      if (OrderMarks.is(item, OrderMarks.FILL)) {
        items.add(fill((SqlCall) item, names));
      } else if (OrderMarks.is(item, OrderMarks.INTERPOLATE)) {
        items.addAll(interpolations((SqlCall) item, names));
      } else {
        items.add(orderItem(item, names));
      }
    }
    return new SqlNodeList(items, list.getParserPosition());
  }

  /// `x DESC WITH FILL …`: the bounds go into a call around the value, the order stays outside.
  private SqlNode fill(SqlCall fill, Names names) {
    SqlNode item = fill.operand(0);
    return switch (item.getKind()) {
      case DESCENDING, NULLS_FIRST, NULLS_LAST -> {
        SqlCall call = (SqlCall) item;
        List<SqlNode> inside = new ArrayList<>(fill.getOperandList());
        inside.set(0, call.operand(0));
        SqlCall bare = fill.getOperator().createCall(fill.getParserPosition(), inside);
        yield call.getOperator().createCall(item.getParserPosition(), fill(bare, names));
      }
      default -> {
        List<SqlNode> operands = new ArrayList<>();
        List<String> units = new ArrayList<>();
        for (SqlNode operand : fill.getOperandList()) {
          boolean interval = Intervals.isInterval(operand);
          units.add(interval ? Intervals.plural(operand) : "");
          SqlNode value = interval ? Intervals.amount(operand, expressions.operators()) : operand;
          operands.add(expressions.rewrite(value, names));
        }
        yield FillMark.key(units.get(3), units.get(4))
            .createCall(fill.getParserPosition(), operands);
      }
    };
  }

  private List<SqlNode> interpolations(SqlCall interpolate, Names names) {
    if (interpolate.operandCount() == 0) {
      return List.of(FillMark.interpolationOfAll(interpolate.getParserPosition()));
    }
    List<SqlNode> items = new ArrayList<>();
    for (SqlNode column : interpolate.getOperandList()) {
      SqlCall as = (SqlCall) column;
      items.add(
          FillMark.interpolation()
              .createCall(
                  column.getParserPosition(),
                  expressions.rewrite(as.operand(1), names),
                  expressions.rewrite(as.operand(0), names)));
    }
    return items;
  }

  // In ORDER BY an alias comes before a column, as in the standard; numbers are positions.
  private SqlNode orderItem(SqlNode item, Names names) {
    return switch (item.getKind()) {
      case DESCENDING, NULLS_FIRST, NULLS_LAST -> {
        SqlCall call = (SqlCall) item;
        yield call.getOperator()
            .createCall(item.getParserPosition(), orderItem(call.operand(0), names));
      }
      case LITERAL -> item;
      case IDENTIFIER -> {
        SqlIdentifier identifier = (SqlIdentifier) item;
        Optional<String> alias =
            identifier.isSimple() ? names.aliasName(identifier.getSimple()) : Optional.empty();
        yield alias.isPresent()
            ? new SqlIdentifier(alias.get(), item.getParserPosition())
            : expressions.rewrite(item, names);
      }
      default -> expressions.rewrite(item, names);
    };
  }

  private Rewritten select(SqlSelect select, Names names, Environment environment) {
    environments.put(names, environment);
    SqlSelect copy = (SqlSelect) select.clone(select.getParserPosition());
    for (SqlNode item : select.getSelectList()) {
      if (item.getKind() == SqlKind.AS) {
        SqlCall as = (SqlCall) item;
        names.alias(as.<SqlIdentifier>operand(1).getSimple(), as.operand(0));
      }
    }
    for (SqlNode window : select.getWindowList()) {
      names.window(((SqlWindow) window).getDeclName().getSimple(), (SqlWindow) window);
    }
    if (select.getFrom() != null) {
      FromItems.collectSubqueries(select.getFrom(), names);
      copy.setFrom(from.rewrite(select.getFrom(), names, environment));
    } else {
      // Without FROM there is one row, whose one column is named so.
      names.alias("dummy", SqlLiteral.createExactNumeric("0", SqlParserPos.ZERO));
    }
    SelectItems items = new SelectItems(expressions, names);
    new Untuples(select, names, query -> recursion.typesOf(query, environment))
        .items()
        .forEach(items::add);
    copy.setSelectList(new SqlNodeList(items.nodes(), select.getSelectList().getParserPosition()));
    if (select.getWhere() != null) {
      copy.setWhere(expressions.condition(select.getWhere(), names));
    }
    if (select.getGroup() != null) {
      copy.setGroupBy(
          isGroupByAll(select.getGroup())
              ? allKeys(items.nodes())
              : groupBy(select.getGroup(), names));
      if (groupOfConstants && isConstant(copy.getGroup(), names)) {
        copy.setGroupBy(null);
      }
    }
    if (select.getHaving() != null) {
      copy.setHaving(expressions.condition(select.getHaving(), names));
    }
    if (select.getQualify() != null) {
      copy.setQualify(expressions.condition(select.getQualify(), names));
    }
    // Each use of a named window has become the window itself; one without use must be valid too.
    expressions.rewriteList(select.getWindowList(), names);
    copy.setOperand(select.getOperandList().indexOf(select.getWindowList()), SqlNodeList.EMPTY);
    copy.setOrderBy(orderList(select.getOrderList(), names));
    if (copy.getGroup() != null) {
      QueriedKeys.moveInto(copy, names);
    }
    return new Rewritten(copy, items.columns());
  }

  // What the parser puts for GROUP BY ALL.
  private static boolean isGroupByAll(SqlNodeList group) {
    return group.size() == 1
        && group.get(0) instanceof SqlIdentifier key
        && key.isSimple()
        && key.getSimple().equals("GROUP BY ALL");
  }

  private static SqlNodeList allKeys(List<SqlNode> items) {
    List<SqlNode> keys = new ArrayList<>();
    for (SqlNode item : items) {
      SqlNode value = item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(0) : item;
      if (!(value instanceof SqlLiteral) && !Aggregation.isIn(value)) {
        keys.add(value);
      }
    }
    return new SqlNodeList(keys, SqlParserPos.ZERO);
  }

  private static boolean isConstant(SqlNodeList keys, Names names) {
    return keys.stream()
        .allMatch(key ->
            key instanceof SqlIdentifier name
                && name.isSimple()
                && names.alias(name.getSimple()).filter(SqlLiteral.class::isInstance).isPresent());
  }

  private SqlNodeList groupBy(SqlNodeList group, Names names) {
    List<SqlNode> keys = new ArrayList<>();
    for (SqlNode key : group) {
      keys.add(groupKey(key, names));
    }
    return new SqlNodeList(keys, group.getParserPosition());
  }

  private SqlNode groupKey(SqlNode key, Names names) {
    return switch (key.getKind()) {
      case LITERAL -> key;
      case ROLLUP, CUBE, GROUPING_SETS, ROW -> {
        SqlCall call = (SqlCall) key;
        List<SqlNode> parts = new ArrayList<>();
        call.getOperandList().forEach(part -> parts.add(groupKey(part, names)));
        yield new SqlBasicCall(call.getOperator(), parts, key.getParserPosition());
      }
      case IDENTIFIER -> {
        SqlNode rewritten = expressions.rewrite(key, names);
        // A constant would be read as a position; its alias is not.
        yield rewritten instanceof SqlLiteral ? key : rewritten;
      }
      default ->
          key instanceof SqlNodeList list ? groupBy(list, names) : expressions.rewrite(key, names);
    };
  }

  /// Says what holds around the expressions of these names.
  void enter(Names names, Environment environment) {
    environments.put(names, environment);
  }
}
