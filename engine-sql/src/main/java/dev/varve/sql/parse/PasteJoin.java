// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import java.util.List;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `a PASTE JOIN b`: the first row of one beside the first of the other, and so on, as far as both
/// go. It becomes a join by the numbers of the rows.
public final class PasteJoin extends SqlJoin {
  /// The column of the numbers, which no star shows.
  public static final String NUMBER = "_paste";

  PasteJoin(SqlParserPos pos, SqlNode left, SqlNode right) {
    super(
        pos,
        left,
        SqlLiteral.createBoolean(false, pos),
        JoinType.INNER.symbol(pos),
        right,
        JoinConditionType.NONE.symbol(pos),
        null);
  }

  /// A query over an item of FROM with the numbers of its rows beside their columns.
  public static SqlSelect numbered(SqlNode item) {
    SqlParserPos pos = item.getParserPosition();
    SqlNode number =
        SqlStdOperatorTable.AS.createCall(
            pos,
            Selects.over(
                SqlStdOperatorTable.ROW_NUMBER.createCall(pos),
                SqlNodeList.EMPTY,
                SqlNodeList.EMPTY,
                pos),
            new SqlIdentifier(NUMBER, pos));
    return PlainSelect.of(List.of(SqlIdentifier.star(pos), number), kept(item), pos);
  }

  // The order of a subquery counts here; without a limit nobody would keep it.
  private static SqlNode kept(SqlNode item) {
    return item instanceof SqlOrderBy ordered && ordered.fetch == null
        ? new SqlOrderBy(
            ordered.getParserPosition(),
            ordered.query,
            ordered.orderList,
            ordered.offset,
            Selects.NO_LIMIT)
        : item;
  }
}
