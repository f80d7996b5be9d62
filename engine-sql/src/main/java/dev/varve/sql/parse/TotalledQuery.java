// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import java.util.List;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// A query and, as the last row of all, its totals: a UNION ALL that can be told from others.
final class TotalledQuery extends SqlBasicCall {
  TotalledQuery(SqlNode query, SqlNode totals, SqlParserPos place) {
    super(SqlStdOperatorTable.UNION_ALL, List.of(query, totals), place);
  }
}
