// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// LEFT ANY JOIN: a left join with a right side that holds one row per key.
final class AnyJoins {
  private AnyJoins() {}

  static SqlNode oneRowPerKey(
      JoinType type, SqlNode right, SqlNode condition, SqlNodeList using, SqlParserPos pos) {
    SqlIdentifier alias = alias(right);
    SqlNodeList keys = using != null ? using : keys(condition, alias, pos);
    if (type != JoinType.LEFT || alias == null || keys == null) {
      throw new VarveException(
          ErrorCode.NOT_IMPLEMENTED,
          Trees.place(pos)
              + "ANY JOIN is supported as LEFT ANY JOIN of a named right side by equal columns");
    }
    SqlSelect select =
        new SqlSelect(
            pos,
            SqlNodeList.EMPTY,
            new SqlNodeList(List.of(SqlIdentifier.star(pos)), pos),
            right,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            SqlNodeList.EMPTY);
    Selects.keepOnePer(select, keys);
    return SqlStdOperatorTable.AS.createCall(pos, select, alias);
  }

  private static SqlIdentifier alias(SqlNode table) {
    if (table.getKind() == SqlKind.AS) {
      return ((SqlCall) table).operand(1);
    }
    if (table instanceof SqlIdentifier id) {
      return new SqlIdentifier(id.names.getLast(), id.getParserPosition());
    }
    return null;
  }

  /// The columns of the right side that the condition compares for equality; null if it does more.
  private static SqlNodeList keys(SqlNode condition, SqlIdentifier alias, SqlParserPos pos) {
    if (condition == null || alias == null) {
      return null;
    }
    List<SqlNode> conditions = new ArrayList<>();
    AsofJoins.conjuncts(condition, conditions);
    SqlNodeList keys = new SqlNodeList(pos);
    for (SqlNode part : conditions) {
      if (part.getKind() != SqlKind.EQUALS) {
        return null;
      }
      SqlNode key = null;
      for (SqlNode side : ((SqlCall) part).getOperandList()) {
        if (side instanceof SqlIdentifier id
            && id.names.size() == 2
            && id.names.get(0).equals(alias.getSimple())) {
          key = id;
        }
      }
      if (key == null) {
        return null;
      }
      keys.add(key);
    }
    return keys;
  }
}
