// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.parser.SqlParserUtil;
import org.apache.calcite.util.Litmus;

/// Turns the clauses that Calcite's trees have no place for into clauses they have: PREWHERE into
/// WHERE; LIMIT BY, DISTINCT ON and WITH TIES into QUALIFY over a window; names given inside
/// expressions into the expressions.
final class Selects {
  /// Stands in GROUP BY for `ALL`; [dev.varve.sql.parse] resolves it once the select list is known.
  static final SqlIdentifier GROUP_BY_ALL = new SqlIdentifier("GROUP BY ALL", SqlParserPos.ZERO);

  /// Stands in ORDER BY for all columns of the select list.
  static final SqlIdentifier ORDER_BY_ALL = new SqlIdentifier("ORDER BY ALL", SqlParserPos.ZERO);

  // A sort below the top stays only where it limits.
  static final SqlLiteral NO_LIMIT =
      SqlLiteral.createExactNumeric(Long.toString(1L << 60), SqlParserPos.ZERO);

  private Selects() {}

  static SqlNode and(SqlNode a, SqlNode b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return SqlStdOperatorTable.AND.createCall(
        a.getParserPosition().plus(b.getParserPosition()), a, b);
  }

  static SqlSelect select(
      ParseState state,
      SqlParserPos pos,
      SqlNodeList keywords,
      SqlNodeList items,
      SqlNode from,
      SqlNode where,
      SqlNodeList groupBy,
      SqlNode having,
      SqlNodeList windows,
      SqlNode qualify,
      SqlNodeList hints,
      SqlNodeList distinctOn) {
    Map<String, SqlNode> aliases = state.closeScope();
    SelectNode select =
        new SelectNode(
            pos,
            keywords,
            items,
            from,
            where,
            groupBy,
            having,
            windows,
            qualify,
            hints,
            aliases,
            distinctOn,
            state.closeTotals());
    if (!aliases.isEmpty()) {
      for (Map.Entry<String, SqlNode> alias : aliases.entrySet()) {
        Map<String, SqlNode> others = new HashMap<>(aliases);
        others.remove(alias.getKey());
        new AliasSubstitution(others).apply(alias.getValue());
      }
      new AliasSubstitution(aliases).apply(select);
    }
    return select;
  }

  /// A query without its ORDER BY: WITH, and SELECTs between set operators.
  static SqlNode query(ParseState state, SqlNodeList with, List<Object> parts) {
    if (parts.size() > 1) {
      for (int i = 0; i < parts.size(); i++) {
        if (parts.get(i) instanceof SelectNode select && select.distinctOn != null) {
          parts.set(i, finish(state, select, null, new Limits(), select.getParserPosition()));
        }
      }
    }
    SqlNode query = SqlParserUtil.toTree(parts);
    if (with == null) {
      return query;
    }
    WithClause clause = (WithClause) with;
    if (!clause.aliases.isEmpty()) {
      Map<String, SqlNode> earlier = new HashMap<>();
      clause.aliases.forEach((name, expression) ->
          earlier.put(name, new AliasSubstitution(new HashMap<>(earlier)).apply(expression)));
      query = new AliasSubstitution(earlier).apply(query);
      for (SqlNode item : clause) {
        new AliasSubstitution(earlier).apply(item);
      }
      state.withAliases.put(query, earlier);
    }
    if (clause.size() == 0) {
      return query;
    }
    SqlNode whole = new SqlWith(clause.getParserPosition(), clause, query);
    if (state.withAliases.containsKey(query)) {
      state.withAliases.put(whole, state.withAliases.get(query));
    }
    return whole;
  }

  /// A query with everything behind it.
  static SqlNode finish(
      ParseState state, SqlNode query, SqlNodeList orderBy, Limits limits, SqlParserPos end) {
    substituteInOrder(state, query, orderBy);
    SqlNode totals = Totals.of(state, query);
    SqlNode whole = finish(query, orderBy, limits, end, totals != null);
    if (totals == null) {
      return whole;
    }
    if (!state.isOutermost()) {
      state.totalsOf.put(whole, totals);
      return whole;
    }
    if (!state.keepsTotals()) {
      return whole;
    }
    return new TotalledQuery(whole, totals, end);
  }

  private static SqlNode finish(
      SqlNode query, SqlNodeList orderBy, Limits limits, SqlParserPos end, boolean below) {
    distinctBeyondItems(query, orderBy);
    SqlNode body = query;
    boolean distinctOn = query instanceof SelectNode select && select.distinctOn != null;
    if (distinctOn || limits.by != null || limits.ties || limits.fromTheEnd()) {
      SqlNode inner = query instanceof SqlWith with ? with.body : query;
      SqlSelect select = selectFor(inner);
      if (distinctOn) {
        keepFirst(select, ((SelectNode) query).distinctOn, orderBy, one(), null);
      }
      if (limits.by != null) {
        keepFirst(select, limits.by, orderBy, limits.byFetch, limits.byOffset);
      }
      if (limits.ties) {
        keepTies(select, orderBy, limits);
      }
      if (limits.fromTheEnd()) {
        keepFirst(select, SqlNodeList.EMPTY, orderBy, limits.fetch, limits.offset);
        limits.fetch(null, null);
        limits.offset(null);
      }
      body =
          query instanceof SqlWith with
              ? new SqlWith(with.getParserPosition(), with.withList, select)
              : select;
    }
    if (orderBy == null && limits.offset == null && limits.fetch == null) {
      return body;
    }
    return new SqlOrderBy(
        end,
        body,
        orderBy == null ? SqlNodeList.EMPTY : orderBy,
        limits.offset,
        limits.fetch == null && (below || OrderMarks.fills(orderBy)) ? NO_LIMIT : limits.fetch);
  }

  /// `SELECT DISTINCT a … ORDER BY b`: b is that of the first row of each a, so the first rows are
  /// kept by their number.
  private static void distinctBeyondItems(SqlNode query, SqlNodeList orderBy) {
    SqlNode body = query instanceof SqlWith with ? with.body : query;
    if (orderBy == null || !(body instanceof SqlSelect select) || !select.isDistinct()) {
      return;
    }
    List<SqlNode> items = new ArrayList<>();
    for (SqlNode item : select.getSelectList()) {
      if (!(item instanceof SqlCall || item instanceof SqlLiteral)
          && !(item instanceof SqlIdentifier column && !column.isStar())) {
        return;
      }
      items.add(item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(0) : item);
    }
    SqlNodeList order = resolve(select, orderBy);
    if (order.stream().allMatch(key -> isOf(items, key))) {
      return;
    }
    select.setOperand(0, SqlNodeList.EMPTY);
    keepOnePer(select, new SqlNodeList(items, select.getParserPosition()));
  }

  private static boolean isOf(List<SqlNode> items, SqlNode key) {
    return switch (key.getKind()) {
      case DESCENDING, NULLS_FIRST, NULLS_LAST -> isOf(items, ((SqlCall) key).operand(0));
      case LITERAL -> true;
      case IDENTIFIER ->
          isAll(key)
              || items.stream()
                  .anyMatch(item ->
                      item instanceof SqlIdentifier column
                          && column.names.getLast().equalsIgnoreCase(lastName(key)));
      default -> items.stream().anyMatch(item -> key.equalsDeep(item, Litmus.IGNORE));
    };
  }

  private static boolean isAll(SqlNode key) {
    return key.toString().equals("ORDER BY ALL");
  }

  private static String lastName(SqlNode identifier) {
    return ((SqlIdentifier) identifier).names.getLast();
  }

  private static void substituteInOrder(ParseState state, SqlNode query, SqlNodeList orderBy) {
    if (orderBy == null) {
      return;
    }
    if (query instanceof SelectNode select && !select.aliases.isEmpty()) {
      new AliasSubstitution(select.aliases).apply(orderBy);
    }
    Map<String, SqlNode> with = state.withAliases.get(query);
    if (with != null) {
      new AliasSubstitution(with).apply(orderBy);
    }
  }

  /// A SELECT to which QUALIFY may be added: the query itself, or one around it where the rows are
  /// only settled after it (DISTINCT, UNION).
  private static SqlSelect selectFor(SqlNode query) {
    if (query instanceof SqlSelect select && !select.isDistinct()) {
      return select;
    }
    SqlParserPos pos = query.getParserPosition();
    return PlainSelect.of(List.of(SqlIdentifier.star(pos)), query, pos);
  }

  /// One row for each value of `columns`, any of them.
  static void keepOnePer(SqlSelect select, SqlNodeList columns) {
    keepFirst(select, columns, null, one(), null);
  }

  private static SqlNode one() {
    return SqlLiteral.createExactNumeric("1", SqlParserPos.ZERO);
  }

  /// Of the rows with the same values of `columns`, those numbered `skip + 1` to `skip + count`;
  /// what is negative counts from the last.
  private static void keepFirst(
      SqlSelect select, SqlNodeList columns, SqlNodeList orderBy, SqlNode count, SqlNode skip) {
    SqlParserPos pos = columns.getParserPosition();
    SqlNode number =
        over(
            call(SqlStdOperatorTable.ROW_NUMBER, List.of(), pos),
            resolve(select, columns),
            resolve(select, orderBy == null ? SqlNodeList.EMPTY : orderBy),
            pos);
    SqlNode condition =
        Limits.condition(count, skip, number, () -> reversed(select, columns, number, pos), pos);
    select.setQualify(and(select.getQualify(), condition));
  }

  /// The number of a row from the last on, of its number and that of all.
  private static SqlNode reversed(
      SqlSelect select, SqlNodeList columns, SqlNode number, SqlParserPos pos) {
    SqlNode all = call(SqlStdOperatorTable.COUNT, List.of(SqlIdentifier.star(pos)), pos);
    SqlNode rows = over(all, resolve(select, columns), SqlNodeList.EMPTY, pos);
    SqlNode behind = SqlStdOperatorTable.MINUS.createCall(pos, rows, number);
    return SqlStdOperatorTable.PLUS.createCall(pos, behind, one());
  }

  private static SqlNode call(SqlOperator function, List<SqlNode> operands, SqlParserPos pos) {
    return function.createCall(pos, operands);
  }

  /// LIMIT n WITH TIES: the rank replaces the limit.
  private static void keepTies(SqlSelect select, SqlNodeList orderBy, Limits limits) {
    if (orderBy == null) {
      throw new VarveException(ErrorCode.BAD_ARGUMENTS, "WITH TIES needs ORDER BY");
    }
    SqlParserPos pos = orderBy.getParserPosition();
    SqlNode rank =
        over(
            call(SqlStdOperatorTable.RANK, List.of(), pos),
            SqlNodeList.EMPTY,
            resolve(select, orderBy),
            pos);
    // What OFFSET leaves out counts for the rank; it is left out behind.
    SqlNode last =
        limits.offset == null
            ? limits.fetch
            : SqlStdOperatorTable.PLUS.createCall(pos, limits.offset, limits.fetch);
    SqlNode condition = SqlStdOperatorTable.LESS_THAN_OR_EQUAL.createCall(pos, rank, last);
    select.setQualify(and(select.getQualify(), condition));
    limits.fetch = null;
  }

  static SqlNode over(
      SqlNode function, SqlNodeList partition, SqlNodeList order, SqlParserPos pos) {
    SqlWindow window =
        SqlWindow.create(
            null,
            null,
            partition,
            order,
            SqlLiteral.createBoolean(false, pos),
            null,
            null,
            null,
            SqlWindow.createExcludeNoOthers(pos),
            pos);
    return SqlStdOperatorTable.OVER.createCall(pos, function, window);
  }

  /// Expressions for ordinals and aliases of the select list, which a window may not name.
  private static SqlNodeList resolve(SqlSelect select, SqlNodeList list) {
    Map<String, SqlNode> aliases = new HashMap<>();
    for (SqlNode item : select.getSelectList()) {
      if (item.getKind() == SqlKind.AS) {
        SqlCall as = (SqlCall) item;
        aliases.put(((SqlIdentifier) as.operand(1)).getSimple(), as.operand(0));
      }
    }
    AliasSubstitution substitution = new AliasSubstitution(aliases);
    List<SqlNode> resolved = new ArrayList<>();
    for (SqlNode node : OrderMarks.plain(list)) {
      resolved.add(resolveOne(select, node, substitution));
    }
    return new SqlNodeList(resolved, list.getParserPosition());
  }

  private static SqlNode resolveOne(
      SqlSelect select, SqlNode node, AliasSubstitution substitution) {
    return switch (node.getKind()) {
      case DESCENDING, NULLS_FIRST, NULLS_LAST -> {
        SqlCall call = (SqlCall) node;
        yield call.getOperator()
            .createCall(
                node.getParserPosition(), resolveOne(select, call.operand(0), substitution));
      }
      case LITERAL -> {
        if (node instanceof SqlNumericLiteral literal && literal.isInteger()) {
          int ordinal = literal.intValue(true);
          if (ordinal >= 1 && ordinal <= select.getSelectList().size()) {
            SqlNode item = select.getSelectList().get(ordinal - 1);
            yield item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(0) : item;
          }
        }
        yield node;
      }
      case IDENTIFIER -> substitution.apply(node);
      default -> substitution.apply(SqlNode.clone(node));
    };
  }
}
