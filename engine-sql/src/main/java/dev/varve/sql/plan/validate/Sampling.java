// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.merge.engine.MergeTable;
import dev.varve.sql.catalog.Relation;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.type.DataTypes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// What SAMPLE reads of a table: the rows whose sampling key, an unsigned number of so many bits,
/// lies in a range.
///
/// @param key the expression of SAMPLE BY
/// @param share of the numbers there are
/// @param offset share of them that is left out before
record Sampling(String key, int bits, BigDecimal share, BigDecimal offset) {
  /// The column that says how many rows one row stands for.
  static final String FACTOR = "_sample_factor";

  /// @param call the SAMPLE of the table
  static Sampling of(SqlIdentifier name, Relations relations, String database, SqlCall call) {
    SqlParserPos position = call.getParserPosition();
    Relation relation = relations.find(name.names, database).relation();
    if (!(relation instanceof Relation.Stored(var table))
        || !table.definition().settings().containsKey(TableDefinition.SAMPLE_BY)) {
      throw Place.error(
          ErrorCode.SAMPLING_NOT_SUPPORTED,
          position,
          "table " + name + " has no SAMPLE BY, so no sample can be taken of it; make it with one");
    }
    TableDefinition definition = table.definition();
    BigDecimal wanted = number(call.operand(1));
    BigDecimal offset = number(call.operand(2));
    boolean rows = wanted.compareTo(BigDecimal.ONE) > 0;
    BigDecimal share = rows ? shareOf(wanted, rowsOf(table)) : wanted;
    if (offset.compareTo(BigDecimal.ONE) > 0) {
      throw Place.error(
          ErrorCode.ARGUMENT_OUT_OF_BOUND,
          position,
          "the OFFSET of a sample is a share of the rows");
    }
    return new Sampling(
        definition.settings().get(TableDefinition.SAMPLE_BY),
        Integer.parseInt(definition.settings().get(TableDefinition.SAMPLE_BITS)),
        share,
        offset);
  }

  private static long rowsOf(MergeTable table) {
    return table.parts().stream().mapToLong(part -> part.info().rows()).sum();
  }

  private static BigDecimal number(SqlNode literal) {
    return ((SqlLiteral) literal).bigDecimalValue();
  }

  private static BigDecimal shareOf(BigDecimal wanted, long rows) {
    return rows == 0
        ? BigDecimal.ONE
        : wanted.divide(BigDecimal.valueOf(rows), MathContext.DECIMAL64).min(BigDecimal.ONE);
  }

  /// What must hold of the key; null where every row is wanted.
  SqlNode condition(SqlNode value, Operators operators, SqlParserPos position) {
    BigDecimal numbers = new BigDecimal(BigInteger.ONE.shiftLeft(bits));
    BigDecimal from = whole(offset.multiply(numbers));
    BigDecimal to = whole(offset.add(share).multiply(numbers));
    List<SqlNode> bounds = new ArrayList<>();
    if (from.signum() > 0) {
      bounds.add(
          operators.compare(
              SqlKind.GREATER_THAN_OR_EQUAL, position, value, operators.number(from, position)));
    }
    if (to.compareTo(numbers) < 0) {
      bounds.add(
          operators.compare(SqlKind.LESS_THAN, position, value, operators.number(to, position)));
    }
    return switch (bounds.size()) {
      case 0 -> null;
      case 1 -> bounds.getFirst();
      default -> SqlStdOperatorTable.AND.createCall(position, bounds);
    };
  }

  // Two thirds as a decimal fall short of two thirds by less than one number.
  private static BigDecimal whole(BigDecimal bound) {
    return bound.setScale(6, RoundingMode.HALF_UP).setScale(0, RoundingMode.FLOOR);
  }

  SqlNode factor(Operators operators, SqlParserPos position) {
    BigDecimal factor =
        share.signum() == 0 ? BigDecimal.ZERO : BigDecimal.ONE.divide(share, MathContext.DECIMAL64);
    return operators.cast(
        DataTypes.FLOAT64, position, Operators.text(factor.toPlainString(), position));
  }
}
