// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.util.Litmus;
import org.apache.calcite.util.Util;

/// Groups by values that queries find for each row, as `dictGet` does: the values become columns of
/// a table in FROM, since the planner groups by nothing that holds a query.
final class QueriedKeys {
  private static final String KEY = "_group_key_";

  private QueriedKeys() {}

  /// @param select rewritten, with qualified columns; changed where it has such keys
  static void moveInto(SqlSelect select, Names names) {
    Map<String, SqlNode> keys = new LinkedHashMap<>();
    for (SqlNode key : select.getGroup()) {
      if (hasQuery(key)) {
        keys.put(KEY + keys.size(), key);
      }
    }
    if (keys.isEmpty()) {
      return;
    }
    SqlParserPos position = select.getGroup().getParserPosition();
    if (names.sources().size() != 1) {
      throw Place.error(
          ErrorCode.NOT_IMPLEMENTED,
          position,
          "a key of GROUP BY that a query finds for each row of a join; find it in a subquery of"
              + " FROM and group by its column");
    }
    Names.Source source = names.sources().getFirst();
    String alias = source.alias();
    List<SqlNode> items = new ArrayList<>();
    for (String column : source.columns()) {
      items.add(as(new SqlIdentifier(List.of(alias, column), position), column, position));
    }
    keys.forEach((name, key) -> items.add(as(key, name, position)));
    SqlSelect inner = (SqlSelect) select.clone(position);
    inner.setSelectList(new SqlNodeList(items, position));
    inner.setGroupBy(null);
    inner.setHaving(null);
    inner.setQualify(null);
    inner.setOrderBy(null);
    SqlShuttle columns =
        new SqlShuttle() {
          @Override
          public SqlNode visit(SqlCall call) {
            for (Map.Entry<String, SqlNode> key : keys.entrySet()) {
              if (call.equalsDeep(key.getValue(), Litmus.IGNORE)) {
                return new SqlIdentifier(List.of(alias, key.getKey()), call.getParserPosition());
              }
            }
            return super.visit(call);
          }
        };
    select.setFrom(as(inner, alias, position));
    select.setWhere(null);
    select.setSelectList((SqlNodeList) columns.visit(select.getSelectList()));
    select.setGroupBy((SqlNodeList) columns.visit(select.getGroup()));
    if (select.getHaving() != null) {
      select.setHaving(select.getHaving().accept(columns));
    }
  }

  private static SqlNode as(SqlNode node, String name, SqlParserPos position) {
    return SqlStdOperatorTable.AS.createCall(position, node, new SqlIdentifier(name, position));
  }

  private static boolean hasQuery(SqlNode key) {
    try {
      key.accept(
          new SqlBasicVisitor<Void>() {
            @Override
            public Void visit(SqlCall call) {
              if (call.getKind() == SqlKind.SCALAR_QUERY
                  || call.getKind().belongsTo(SqlKind.QUERY)) {
                throw Util.FoundOne.NULL;
              }
              return super.visit(call);
            }
          });
      return false;
    } catch (Util.FoundOne found) {
      Util.swallow(found, null);
      return true;
    }
  }
}
