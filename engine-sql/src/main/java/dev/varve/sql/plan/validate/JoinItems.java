// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.parse.PasteJoin;
import dev.varve.sql.parse.PickedJoin;
import dev.varve.sql.plan.relation.PickJoin;
import dev.varve.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// Rewrites joins in FROM: those of the standard, ANY, SEMI, ANTI and ASOF joins, PASTE JOIN.
final class JoinItems {
  private final FromItems items;
  private final Expressions expressions;

  JoinItems(FromItems items, Expressions expressions) {
    this.items = items;
    this.expressions = expressions;
  }

  SqlNode paste(PasteJoin join, Names names, Queries.Environment environment) {
    SqlParserPos position = join.getParserPosition();
    SqlNode left = numbered(join.getLeft(), names, environment);
    SqlIdentifier leftNumber = numberOf(names, position);
    SqlNode right = numbered(join.getRight(), names, environment);
    names.hideSources();
    return new SqlJoin(
        position,
        left,
        SqlLiteral.createBoolean(false, position),
        JoinType.INNER.symbol(position),
        right,
        JoinConditionType.ON.symbol(position),
        SqlStdOperatorTable.EQUALS.createCall(position, leftNumber, numberOf(names, position)));
  }

  private static SqlIdentifier numberOf(Names names, SqlParserPos position) {
    return new SqlIdentifier(
        List.of(names.sources().getLast().alias(), PasteJoin.NUMBER), position);
  }

  private SqlNode numbered(SqlNode item, Names names, Queries.Environment environment) {
    SqlNode plain = item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(0) : item;
    if (plain instanceof SqlJoin
        || item.getKind() == SqlKind.AS && ((SqlCall) item).operandCount() > 2) {
      throw Place.error(
          ErrorCode.NOT_IMPLEMENTED,
          item.getParserPosition(),
          "PASTE JOIN takes two tables or subqueries; put what is joined into a subquery");
    }
    String alias =
        switch (item) {
          case SqlCall as when as.getKind() == SqlKind.AS ->
              as.<SqlIdentifier>operand(1).getSimple();
          case SqlIdentifier table -> table.names.getLast();
          default -> "_subquery" + names.sources().size();
        };
    SqlNode query = items.subquery(PasteJoin.numbered(plain), alias, List.of(), names, environment);
    Names.Source source = names.sources().getLast();
    List<String> shown = new ArrayList<>(source.columns());
    shown.remove(PasteJoin.NUMBER);
    names.replaceLast(new Names.Source(alias, source.database(), shown, shown));
    return query;
  }

  SqlNode join(SqlJoin join, Names names, Queries.Environment environment) {
    SqlNode left = items.rewrite(join.getLeft(), names, environment);
    int leftSources = names.sources().size();
    SqlNode right = items.rewrite(join.getRight(), names, environment);
    if (join instanceof PickedJoin picked) {
      return picked(picked, left, right, names, leftSources);
    }
    if (join.isNatural()) {
      return natural(join, left, right, names, leftSources);
    }
    SqlNode condition =
        switch (join.getConditionType()) {
          case ON -> expressions.condition(join.getCondition(), names);
          case USING -> using((SqlNodeList) join.getCondition(), join.getJoinType(), names);
          case NONE -> null;
        };
    if (join instanceof SqlAsofJoin asof) {
      return new SqlAsofJoin(
          join.getParserPosition(),
          left,
          join.isNaturalNode(),
          join.getJoinTypeNode(),
          right,
          join.getConditionTypeNode(),
          condition,
          expressions.condition(asof.getMatchCondition(), names));
    }
    return new SqlJoin(
        join.getParserPosition(),
        left,
        join.isNaturalNode(),
        join.getJoinTypeNode(),
        right,
        join.getConditionTypeNode(),
        condition);
  }

  /// A join by the columns that `*` shows of both sides; without any, of every row with every row.
  private static SqlNode natural(
      SqlJoin join, SqlNode left, SqlNode right, Names names, int leftSources) {
    SqlParserPos position = join.getParserPosition();
    List<Names.Source> sources = names.sources();
    List<SqlNode> shared = new ArrayList<>();
    for (Names.Source source : sources.subList(leftSources, sources.size())) {
      for (String column : source.starred()) {
        if (sources.subList(0, leftSources).stream().anyMatch(s -> s.starred().contains(column))) {
          shared.add(new SqlIdentifier(column, position));
        }
      }
    }
    return new SqlJoin(
        position,
        left,
        SqlLiteral.createBoolean(false, position),
        shared.isEmpty() ? JoinType.CROSS.symbol(position) : join.getJoinTypeNode(),
        right,
        (shared.isEmpty() ? JoinConditionType.NONE : JoinConditionType.USING).symbol(position),
        shared.isEmpty()
            ? null
            : using(new SqlNodeList(shared, position), join.getJoinType(), names));
  }

  // The converter knows no join that picks a partner: it goes through as another with a mark in its
  // condition.
  private SqlNode picked(
      PickedJoin join, SqlNode left, SqlNode right, Names names, int leftSources) {
    SqlParserPos position = join.getParserPosition();
    boolean rightSide = join.getJoinType() == JoinType.RIGHT;
    boolean outer = join.getJoinType() != JoinType.INNER;
    PickJoin.Pick pick =
        switch (join.strictness()) {
          case ANY -> new PickJoin.Pick(false, outer, true, !outer);
          case SEMI -> new PickJoin.Pick(false, false, true, false);
          case ANTI -> new PickJoin.Pick(false, true, false, false);
          case ASOF -> new PickJoin.Pick(true, outer, true, false);
        };
    SqlNode condition =
        switch (join.getConditionType()) {
          case ON -> expressions.condition(join.getCondition(), names);
          case USING -> byColumns(join, names, leftSources, rightSide);
          case NONE ->
              throw Place.error(
                  ErrorCode.SYNTAX_ERROR,
                  position,
                  "a join that picks a partner needs ON or USING");
        };
    JoinType type =
        pick.keepsUnmatched()
            ? rightSide ? JoinType.RIGHT : JoinType.LEFT
            : rightSide ? JoinType.RIGHT : JoinType.INNER;
    return new SqlJoin(
        position,
        left,
        join.isNaturalNode(),
        type.symbol(position),
        right,
        JoinConditionType.ON.symbol(position),
        SqlStdOperatorTable.AND.createCall(
            position, new PickMark(pick).createCall(position), condition));
  }

  // Equalities say what USING says; of an ASOF JOIN the last column is the one to be near. The
  // column of the side that stays is the one that its bare name means.
  private SqlNode byColumns(PickedJoin join, Names names, int leftSources, boolean rightSide) {
    SqlParserPos position = join.getParserPosition();
    SqlNodeList using = (SqlNodeList) join.getCondition();
    List<Names.Source> all = List.copyOf(names.sources());
    List<Names.Source> left = all.subList(0, leftSources);
    List<Names.Source> right = all.subList(leftSources, all.size());
    List<SqlNode> conditions = new ArrayList<>();
    List<String> shared = new ArrayList<>();
    for (int i = 0; i < using.size(); i++) {
      String name = ((SqlIdentifier) using.get(i)).getSimple();
      SqlParserPos at = using.get(i).getParserPosition();
      boolean nearest = join.strictness() == PickedJoin.Strictness.ASOF && i == using.size() - 1;
      conditions.add(
          (nearest ? SqlStdOperatorTable.GREATER_THAN_OR_EQUAL : SqlStdOperatorTable.EQUALS)
              .createCall(position, qualified(left, name, at), qualified(right, name, at)));
      shared.add(name);
    }
    SqlNode condition =
        conditions.size() == 1
            ? conditions.getFirst()
            : SqlStdOperatorTable.AND.createCall(position, conditions);
    SqlNode rewritten = expressions.condition(condition, names);
    List<Names.Source> once = new ArrayList<>();
    for (Names.Source source : right) {
      List<String> starred = new ArrayList<>(source.starred());
      starred.removeAll(shared);
      once.add(new Names.Source(source.alias(), source.database(), source.columns(), starred));
    }
    Map<String, Names.Source> meant = new LinkedHashMap<>();
    for (String column : shared) {
      for (Names.Source source : (rightSide ? right : left).reversed()) {
        if (source.columns().contains(column)) {
          meant.put(column, source);
        }
      }
    }
    names.share(once, meant);
    return rewritten;
  }

  private static SqlNode qualified(
      List<Names.Source> sources, String column, SqlParserPos position) {
    for (Names.Source source : sources) {
      Optional<String> spelled = Names.match(column, source.columns());
      if (spelled.isPresent()) {
        return new SqlIdentifier(List.of(source.alias(), spelled.get()), position);
      }
    }
    throw Place.error(
        ErrorCode.UNKNOWN_IDENTIFIER, position, "no column \"" + column + "\" to join by");
  }

  private static SqlNodeList using(SqlNodeList columns, JoinType type, Names names) {
    boolean mayMissLeft = type == JoinType.RIGHT || type == JoinType.FULL;
    List<SqlNode> spelled = new ArrayList<>();
    for (SqlNode column : columns) {
      String name = ((SqlIdentifier) column).getSimple();
      names.column(name).ifPresent(shared -> names.using(shared, mayMissLeft));
      spelled.add(new SqlIdentifier(names.column(name).orElse(name), column.getParserPosition()));
    }
    return new SqlNodeList(spelled, columns.getParserPosition());
  }
}
