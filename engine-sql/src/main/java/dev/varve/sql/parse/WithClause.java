// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.parser.SqlParserPos;

/// A WITH list: named queries, and names for expressions (`WITH 5 AS x`).
final class WithClause extends SqlNodeList {
  final Map<String, SqlNode> aliases;

  WithClause(List<SqlWithItem> items, Map<String, SqlNode> aliases, SqlParserPos pos) {
    super(items, pos);
    this.aliases = aliases;
  }
}
