// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.Locale;
import java.util.Optional;
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
    if (words.contains("PASTE")) {
      return new PasteJoin(pos, left, right);
    }
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
    JoinConditionType kind =
        using != null
            ? JoinConditionType.USING
            : condition == null ? JoinConditionType.NONE : JoinConditionType.ON;
    SqlNode by = using != null ? using : condition;
    Optional<PickedJoin.Strictness> strictness = strictness();
    return strictness.isPresent()
        ? new PickedJoin(
            pos, left, natural, type.symbol(pos), right, kind.symbol(pos), by, strictness.get())
        : new SqlJoin(pos, left, natural, type.symbol(pos), right, kind.symbol(pos), by);
  }

  boolean isLeft() {
    return words.contains("LEFT");
  }

  private Optional<PickedJoin.Strictness> strictness() {
    for (PickedJoin.Strictness strictness : PickedJoin.Strictness.values()) {
      if (words.contains(strictness.name())) {
        return Optional.of(strictness);
      }
    }
    return Optional.empty();
  }

  private JoinType type() {
    if (words.contains("FULL")) {
      if (strictness().isPresent()) {
        throw unsupported();
      }
      return JoinType.FULL;
    }
    if (words.contains("RIGHT")) {
      if (words.contains("ASOF")) {
        throw unsupported();
      }
      return JoinType.RIGHT;
    }
    if (words.contains("CROSS")) {
      return JoinType.CROSS;
    }
    boolean left = isLeft() || words.contains("SEMI") || words.contains("ANTI");
    return left ? JoinType.LEFT : JoinType.INNER;
  }

  private VarveException unsupported() {
    return new VarveException(
        ErrorCode.NOT_IMPLEMENTED,
        Trees.place(pos) + String.join(" ", words) + " JOIN is not supported");
  }
}
