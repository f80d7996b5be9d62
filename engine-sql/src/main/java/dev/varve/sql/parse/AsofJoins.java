// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;

/// ASOF JOIN without MATCH_CONDITION: the inequality among the conditions of ON is the match.
final class AsofJoins {
  private AsofJoins() {}

  static SqlNode join(
      SqlNode left,
      SqlLiteral natural,
      JoinType type,
      SqlNode right,
      SqlNode condition,
      SqlNodeList using,
      SqlParserPos pos) {
    if (using != null || condition == null) {
      throw new VarveException(
          ErrorCode.NOT_IMPLEMENTED,
          Trees.place(pos)
              + "ASOF JOIN needs ON with equalities and one inequality, as in"
              + " ON a.key = b.key AND a.time >= b.time");
    }
    List<SqlNode> conditions = new ArrayList<>();
    conjuncts(condition, conditions);
    SqlNode match = null;
    SqlNode equalities = null;
    for (SqlNode part : conditions) {
      if (isInequality(part)) {
        if (match != null) {
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS,
              Trees.place(part.getParserPosition()) + "ASOF JOIN takes one inequality, found two");
        }
        match = part;
      } else {
        equalities = Selects.and(equalities, part);
      }
    }
    if (match == null) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          Trees.place(pos) + "ASOF JOIN needs an inequality (<, <=, >, >=) among its conditions");
    }
    return new SqlAsofJoin(
        pos,
        left,
        natural,
        type.symbol(pos),
        right,
        JoinConditionType.ON.symbol(pos),
        equalities == null ? SqlLiteral.createBoolean(true, pos) : equalities,
        match);
  }

  static void conjuncts(SqlNode condition, List<SqlNode> into) {
    if (condition.getKind() == SqlKind.AND) {
      for (SqlNode operand : ((SqlCall) condition).getOperandList()) {
        conjuncts(operand, into);
      }
    } else {
      into.add(condition);
    }
  }

  private static boolean isInequality(SqlNode node) {
    return switch (node.getKind()) {
      case LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL -> true;
      default -> false;
    };
  }
}
