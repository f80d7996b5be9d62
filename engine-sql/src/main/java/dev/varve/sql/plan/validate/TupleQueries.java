// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.parse.PlainSelect;
import dev.varve.sql.parse.StarMarks;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `(SELECT a, b FROM t)` as a value is the tuple of its columns: a query of one column around it.
///
/// A query with stars, or whose columns are those of a UNION, stays as it is.
final class TupleQueries {
  private static final String QUERY = "$tuple";

  private TupleQueries() {}

  static SqlNode of(SqlNode query) {
    SqlNode inner = query instanceof SqlOrderBy ordered ? ordered.query : query;
    if (!(inner instanceof SqlSelect select)
        || select.getSelectList().size() < 2
        || select.getSelectList().stream().anyMatch(TupleQueries::isStar)) {
      return query;
    }
    SqlParserPos position = query.getParserPosition();
    SqlNodeList named = new SqlNodeList(select.getSelectList().getParserPosition());
    List<SqlNode> fields = new ArrayList<>();
    for (SqlNode item : select.getSelectList()) {
      String name = alias(item);
      if (name == null) {
        name = "$" + fields.size();
        named.add(
            SqlStdOperatorTable.AS.createCall(
                item.getParserPosition(), item, new SqlIdentifier(name, item.getParserPosition())));
      } else {
        named.add(item);
      }
      fields.add(new SqlIdentifier(List.of(QUERY, name), item.getParserPosition()));
    }
    SqlNode around =
        SqlStdOperatorTable.AS.createCall(position, query, new SqlIdentifier(QUERY, position));
    select.setSelectList(named);
    return PlainSelect.of(
        List.of(SqlStdOperatorTable.ROW.createCall(position, fields)), around, position);
  }

  private static String alias(SqlNode item) {
    return item.getKind() == SqlKind.AS && ((SqlCall) item).operand(1) instanceof SqlIdentifier name
        ? name.getSimple()
        : null;
  }

  private static boolean isMark(SqlNode item) {
    return StarMarks.isColumns(item)
        || (item instanceof SqlCall call && call.getOperator() == StarMarks.CHANGED);
  }

  private static boolean isStar(SqlNode item) {
    return (item instanceof SqlIdentifier name && name.isStar()) || isMark(item);
  }
}
