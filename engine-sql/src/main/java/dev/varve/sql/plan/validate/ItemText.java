// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLambda;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.dialect.AnsiSqlDialect;
import org.apache.calcite.util.NlsString;

/// The name of a result column that has no alias: its expression, as near to the user's spelling as
/// the tree allows.
final class ItemText {
  private ItemText() {}

  static String of(SqlNode node) {
    return switch (node) {
      case SqlIdentifier identifier ->
          identifier.isStar() ? "*" : String.join(".", identifier.names);
      case SqlLiteral literal ->
          literal.getValue() instanceof NlsString text
              ? "'" + text.getValue() + "'"
              : String.valueOf(literal.toValue());
      case SqlDataTypeSpec spec -> spec.getTypeName().toString();
      case SqlNodeList list -> "(" + all(list.getList()) + ")";
      case SqlLambda lambda ->
          all(lambda.getParameters().getList()) + " -> " + of(lambda.getExpression());
      case SqlCall call -> call(call);
      default -> whole(node);
    };
  }

  private static String call(SqlCall call) {
    if (call.getKind() == SqlKind.CAST) {
      return "CAST(" + of(call.operand(0)) + " AS " + of(call.operand(1)) + ")";
    }
    if (call.getKind() == SqlKind.ROW) {
      return "(" + all(call.getOperandList()) + ")";
    }
    if (call.getOperator() instanceof SqlBinaryOperator operator && call.operandCount() == 2) {
      return operand(call.operand(0)) + " " + operator.getName() + " " + operand(call.operand(1));
    }
    if (call.getOperator() instanceof SqlFunction function && isPlain(call)) {
      String distinct = call.getFunctionQuantifier() == null ? "" : "DISTINCT ";
      return function.getName() + "(" + distinct + all(call.getOperandList()) + ")";
    }
    return whole(call);
  }

  // Functions with words between their arguments (EXTRACT, TRIM) are written by the grammar's
  // rules.
  private static boolean isPlain(SqlCall call) {
    return call.getKind() == SqlKind.OTHER_FUNCTION
        && call.getOperandList().stream().noneMatch(operand -> operand == null);
  }

  private static String operand(SqlNode node) {
    boolean nested =
        node instanceof SqlCall call && call.getOperator() instanceof SqlBinaryOperator;
    return nested ? "(" + of(node) + ")" : of(node);
  }

  private static String all(java.util.List<SqlNode> nodes) {
    return nodes.stream().map(ItemText::of).collect(Collectors.joining(", "));
  }

  private static String whole(SqlNode node) {
    return node.toSqlString(writer ->
            writer
                .withDialect(AnsiSqlDialect.DEFAULT)
                .withQuoteAllIdentifiers(false)
                .withAlwaysUseParentheses(false)
                .withClauseStartsLine(false)
                .withSelectListItemsOnSeparateLines(false)
                .withIndentation(0))
        .getSql()
        .replaceAll("\\s+", " ");
  }
}
