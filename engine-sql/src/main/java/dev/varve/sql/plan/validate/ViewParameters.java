// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.catalog.Catalog;
import dev.varve.sql.catalog.Relation;
import dev.varve.sql.parse.ParameterValues;
import dev.varve.sql.parse.Statement;
import dev.varve.sql.parse.StatementParser;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.util.NlsString;

/// A view in FROM with values for its parameters: `v(a = 3, b = 'x')`.
record ViewParameters(TableDefinition view, SqlNode query) {
  /// The view that a call in FROM names, if it names one.
  static Optional<ViewParameters> of(SqlCall call, Catalog catalog, String database) {
    String name = call.getOperator().getName();
    int dot = name.indexOf('.');
    TableName table =
        dot < 0
            ? new TableName(database, name)
            : new TableName(name.substring(0, dot), name.substring(dot + 1));
    return catalog
        .find(table)
        .flatMap(relation ->
            relation instanceof Relation.View(TableDefinition view)
                ? Optional.of(new ViewParameters(view, query(view, call)))
                : Optional.empty());
  }

  private static SqlNode query(TableDefinition view, SqlCall call) {
    Map<String, String> values = new HashMap<>();
    for (SqlNode argument : call.getOperandList()) {
      if (argument.getKind() != SqlKind.EQUALS
          || !(((SqlCall) argument).operand(0) instanceof SqlIdentifier parameter)) {
        throw Place.error(
            ErrorCode.BAD_ARGUMENTS,
            argument.getParserPosition(),
            "a view takes its parameters by name: " + view.name().table() + "(name = value)");
      }
      values.put(parameter.toString(), value(((SqlCall) argument).operand(1)));
    }
    Statement statement =
        StatementParser.parse(view.query(), ParameterValues.of(List.of(), values)).statement();
    return ((Statement.Query) statement).node();
  }

  private static String value(SqlNode node) {
    boolean negative = node.getKind() == SqlKind.MINUS_PREFIX;
    SqlNode given = negative ? ((SqlCall) node).operand(0) : node;
    return switch (given) {
      case SqlNumericLiteral number -> (negative ? "-" : "") + number.toValue();
      case SqlLiteral literal when literal.getValue() instanceof NlsString text -> text.getValue();
      case SqlLiteral literal when literal.getValue() instanceof Boolean flag -> flag.toString();
      default ->
          throw Place.error(
              ErrorCode.BAD_ARGUMENTS,
              node.getParserPosition(),
              "the value of a view's parameter is a number or a text, found " + node);
    };
  }
}
