// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;

/// The words before JOIN, in any order: `LEFT ANY`, `SEMI LEFT`, `GLOBAL INNER`, ….
final class JoinWords {
  private final Set<String> words = new TreeSet<>();
  private SqlParserPos pos = SqlParserPos.ZERO;

  void add(String word) {
    words.add(word.toUpperCase(Locale.ROOT));
  }

  void place(SqlParserPos at) {
    pos = at;
  }

  SqlNode join(
      SqlNode left,
      SqlLiteral natural,
      SqlNode right,
      SqlNode condition,
      SqlNode match,
      SqlNodeList using,
      SqlParserPos end) {
    JoinType type = type();
    if (match != null) {
      return new SqlAsofJoin(
          pos,
          left,
          natural,
          type.symbol(pos),
          right,
          JoinConditionType.ON.symbol(pos),
          condition,
          match);
    }
    if (type == JoinType.ASOF || type == JoinType.LEFT_ASOF) {
      return AsofJoins.join(left, natural, type, right, condition, using, pos);
    }
    if (words.contains("ANY")) {
      right = AnyJoins.oneRowPerKey(type, right, condition, using, pos);
    }
    if (using != null) {
      return new SqlJoin(
          pos, left, natural, type.symbol(pos), right, JoinConditionType.USING.symbol(pos), using);
    }
    JoinConditionType kind = condition == null ? JoinConditionType.NONE : JoinConditionType.ON;
    return new SqlJoin(pos, left, natural, type.symbol(pos), right, kind.symbol(pos), condition);
  }

  private JoinType type() {
    boolean left = words.contains("LEFT");
    if (words.contains("SEMI") || words.contains("ANTI")) {
      if (words.contains("RIGHT") || words.contains("FULL") || words.contains("CROSS")) {
        throw unsupported();
      }
      return words.contains("SEMI") ? JoinType.LEFT_SEMI_JOIN : JoinType.LEFT_ANTI_JOIN;
    }
    if (words.contains("ASOF")) {
      return left ? JoinType.LEFT_ASOF : JoinType.ASOF;
    }
    if (words.contains("CROSS")) {
      return JoinType.CROSS;
    }
    if (words.contains("FULL")) {
      return JoinType.FULL;
    }
    if (words.contains("RIGHT")) {
      return JoinType.RIGHT;
    }
    return left ? JoinType.LEFT : JoinType.INNER;
  }

  private VarveException unsupported() {
    return new VarveException(
        ErrorCode.NOT_IMPLEMENTED,
        Trees.place(pos) + String.join(" ", words) + " JOIN is not supported; swap the two tables");
  }
}
