// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.plan.type.RelTypeFactory;
import dev.varve.storage.type.DataType;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlPostfixOperator;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/// The validator over one query's leaves. Types are never coerced here: whoever makes operators
/// inserts the casts.
final class QueryValidator extends SqlValidatorImpl {
  private static final SqlOperatorTable OPERATORS = SqlStdOperatorTable.instance();

  private final RelTypeFactory types;

  QueryValidator(QueryCatalog catalog, RelTypeFactory types) {
    super(
        OPERATORS,
        catalog,
        types,
        Config.DEFAULT
            .withConformance(new Conformance())
            .withTypeCoercionEnabled(true)
            .withTypeCoercionFactory((factory, _) -> new NoCoercion(factory))
            .withIdentifierExpansion(true)
            .withDefaultNullCollation(NullCollation.LAST));
    this.types = types;
  }

  // `ORDER BY time RANGE 60 PRECEDING` counts seconds, of a date days: the distance becomes an
  // interval, which the standard wants there.
  @Override
  public void validateWindow(SqlNode given, SqlValidatorScope scope, SqlCall call) {
    if (given instanceof SqlWindow window
        && !window.isRows()
        && window.getOrderList().size() == 1) {
      SqlNode key = window.getOrderList().get(0);
      while (key.getKind() != SqlKind.IDENTIFIER
          && key instanceof SqlCall order
          && order.getOperator() instanceof SqlPostfixOperator) {
        key = order.operand(0);
      }
      TimeUnit unit = unit(types.dataType(deriveType(scope, key)).unwrapped());
      if (unit != null) {
        window.setLowerBound(interval(window.getLowerBound(), unit));
        window.setUpperBound(interval(window.getUpperBound(), unit));
      }
    }
    super.validateWindow(given, scope, call);
  }

  private static TimeUnit unit(DataType type) {
    return switch (type) {
      case DataType.Date _, DataType.Date32 _ -> TimeUnit.DAY;
      case DataType.DateTime _, DataType.DateTime64 _ -> TimeUnit.SECOND;
      default -> null;
    };
  }

  private static SqlNode interval(SqlNode bound, TimeUnit unit) {
    if (!(bound instanceof SqlCall call)
        || call.operandCount() != 1
        || !(call.operand(0) instanceof SqlNumericLiteral distance)) {
      return bound;
    }
    SqlParserPos position = distance.getParserPosition();
    return call.getOperator()
        .createCall(
            bound.getParserPosition(),
            SqlLiteral.createInterval(
                1, distance.toValue(), new SqlIntervalQualifier(unit, null, position), position));
  }
}
