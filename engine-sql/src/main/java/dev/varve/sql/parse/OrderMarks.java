// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.parser.SqlParserPos;

/// Calls that stand for what the standard's trees have no place for: gaps to fill in ORDER BY,
/// arrays to unnest in FROM.
public final class OrderMarks {
  /// Item of ORDER BY: the item, then FROM, TO, STEP and STALENESS or NULL.
  public static final SqlOperator FILL = new SqlSpecialOperator("WITH FILL", SqlKind.OTHER);

  /// Last item of ORDER BY: columns, or `expression AS column`; none for all columns.
  public static final SqlOperator INTERPOLATE =
      new SqlSpecialOperator("INTERPOLATE", SqlKind.OTHER);

  /// Item of FROM: the item before it, the arrays, and whether it is a LEFT ARRAY JOIN.
  public static final SqlOperator ARRAY_JOIN = new SqlSpecialOperator("ARRAY JOIN", SqlKind.OTHER);

  /// Item of FROM: the table, the share or number of rows to read, and the share to begin at.
  public static final SqlOperator SAMPLE = new SqlSpecialOperator("SAMPLE", SqlKind.OTHER);

  private static final int DIGITS = 40;

  private OrderMarks() {}

  static SqlNode sample(SqlNode table, BigDecimal share, BigDecimal offset, SqlParserPos pos) {
    return SAMPLE.createCall(
        pos,
        table,
        SqlLiteral.createExactNumeric(share.toPlainString(), pos),
        SqlLiteral.createExactNumeric(offset.toPlainString(), pos));
  }

  static BigDecimal ratio(BigDecimal a, BigDecimal b, SqlParserPos pos) {
    if (b.signum() == 0) {
      throw new VarveException(
          ErrorCode.ILLEGAL_DIVISION, Trees.place(pos) + "a share is not divided by 0");
    }
    return a.divide(b, DIGITS, RoundingMode.HALF_EVEN);
  }

  static SqlNode fill(
      SqlNode item, SqlNode from, SqlNode to, SqlNode step, SqlNode staleness, SqlParserPos pos) {
    return FILL.createCall(
        pos, item, orNull(from, pos), orNull(to, pos), orNull(step, pos), orNull(staleness, pos));
  }

  /// An item of ORDER BY in the order of a language.
  static SqlNode collate(SqlNode item, String language, SqlParserPos pos) {
    return switch (item.getKind()) {
      case DESCENDING, NULLS_FIRST, NULLS_LAST -> {
        SqlCall call = (SqlCall) item;
        yield call.getOperator()
            .createCall(item.getParserPosition(), collate(call.operand(0), language, pos));
      }
      default ->
          Trees.call(
              "collationKey",
              item.getParserPosition(),
              item,
              SqlLiteral.createCharString(language, pos));
    };
  }

  private static SqlNode orNull(SqlNode node, SqlParserPos pos) {
    return node == null ? SqlLiteral.createNull(pos) : node;
  }

  static SqlNode arrayJoin(SqlNode from, List<SqlNode> arrays, boolean left, SqlParserPos pos) {
    return ARRAY_JOIN.createCall(
        pos, from, new SqlNodeList(arrays, pos), SqlLiteral.createBoolean(left, pos));
  }

  /// Whether a list of ORDER BY fills gaps.
  public static boolean fills(SqlNodeList order) {
    return order != null && order.stream().anyMatch(item -> is(item, FILL));
  }

  public static boolean is(SqlNode node, SqlOperator operator) {
    return node instanceof SqlCall call && call.getOperator() == operator;
  }

  /// The list without gaps to fill: what it sorts by.
  static SqlNodeList plain(SqlNodeList order) {
    List<SqlNode> items = new ArrayList<>();
    for (SqlNode item : order) {
      if (is(item, FILL)) {
        items.add(((SqlCall) item).operand(0));
      } else if (!is(item, INTERPOLATE)) {
        items.add(item);
      }
    }
    return new SqlNodeList(items, order.getParserPosition());
  }
}
