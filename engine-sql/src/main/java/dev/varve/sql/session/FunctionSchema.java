// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.catalog.EngineCatalog;
import dev.varve.sql.function.FunctionRegistry;
import dev.varve.sql.parse.Statement;
import dev.varve.sql.parse.StatementParser;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.HashSet;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLambda;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/// Makes and drops functions of users. One calls no other that leads back to it, so that a query
/// can be written out.
record FunctionSchema(EngineCatalog catalog, FunctionRegistry functions) {
  void create(Statement.CreateFunction create) {
    String name = create.name();
    if (functions.isScalar(name) || functions.isAggregate(name)) {
      throw new VarveException(
          ErrorCode.FUNCTION_ALREADY_EXISTS,
          "there is a function \"" + name + "\" already; choose another name");
    }
    boolean known = catalog.functions().find(name).isPresent();
    if (known && create.ifNotExists()) {
      return;
    }
    if (known && !create.orReplace()) {
      throw new VarveException(
          ErrorCode.FUNCTION_ALREADY_EXISTS,
          "there is a function \""
              + name
              + "\" already; use CREATE OR REPLACE FUNCTION or IF NOT EXISTS");
    }
    SqlLambda lambda = StatementParser.parseLambda(create.lambda());
    Set<String> parameters = new HashSet<>();
    for (SqlNode parameter : lambda.getParameters()) {
      String spelled = ((SqlIdentifier) parameter).getSimple();
      if (!parameters.add(spelled)) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS, "two arguments of " + name + " are called " + spelled);
      }
    }
    requireNoCircle(name, lambda, new HashSet<>());
    catalog.functions().put(name, create.lambda());
    catalog.changed();
  }

  private void requireNoCircle(String name, SqlLambda lambda, Set<String> seen) {
    for (String called : called(lambda)) {
      if (called.equals(name)) {
        throw new VarveException(
            ErrorCode.CANNOT_CREATE_RECURSIVE_FUNCTION,
            "function \"" + name + "\" would call itself, and no query could be written out");
      }
      if (seen.add(called)) {
        catalog
            .functions()
            .find(called)
            .ifPresent(text -> requireNoCircle(name, StatementParser.parseLambda(text), seen));
      }
    }
  }

  private static Set<String> called(SqlLambda lambda) {
    Set<String> names = new HashSet<>();
    lambda
        .getExpression()
        .accept(
            new SqlBasicVisitor<Void>() {
              @Override
              public Void visit(SqlCall call) {
                if (call.getOperator() instanceof SqlFunction function) {
                  names.add(function.getName());
                }
                return super.visit(call);
              }
            });
    return names;
  }

  void drop(Statement.DropFunction drop) {
    if (!drop.ifExists() || catalog.functions().find(drop.name()).isPresent()) {
      catalog.functions().drop(drop.name());
      catalog.changed();
    }
  }
}
