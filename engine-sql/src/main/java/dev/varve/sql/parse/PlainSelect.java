// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;

/// Makes SELECTs that a statement does not spell out. All clauses but those given are absent.
public final class PlainSelect {
  private PlainSelect() {}

  /// `SELECT items FROM from`.
  public static SqlSelect of(List<SqlNode> items, SqlNode from, SqlParserPos pos) {
    return of(items, from, null, pos);
  }

  /// `SELECT items FROM from WHERE where`; a condition of null is none.
  public static SqlSelect of(List<SqlNode> items, SqlNode from, SqlNode where, SqlParserPos pos) {
    return new SqlSelect(
        pos,
        SqlNodeList.EMPTY,
        new SqlNodeList(items, pos),
        from,
        where,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        SqlNodeList.EMPTY);
  }
}
