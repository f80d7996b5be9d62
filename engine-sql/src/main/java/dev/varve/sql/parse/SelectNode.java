// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import java.util.Map;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;

/// A SELECT whose ORDER BY and LIMIT may still come, with what only they can settle.
final class SelectNode extends SqlSelect {
  final Map<String, SqlNode> aliases;

  /// Columns of DISTINCT ON, or null.
  final SqlNodeList distinctOn;

  /// Whether a row of totals follows.
  final boolean totals;

  SelectNode(
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
      Map<String, SqlNode> aliases,
      SqlNodeList distinctOn,
      boolean totals) {
    super(
        pos, keywords, items, from, where, groupBy, having, windows, qualify, null, null, null,
        hints);
    this.aliases = aliases;
    this.distinctOn = distinctOn;
    this.totals = totals;
  }
}
