// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.parse;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLambda;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.util.SqlShuttle;

/// Puts expressions in the place of names that were given to them inside other expressions or in
/// WITH. Trees are changed where they are. Names of tables, columns of USING, aliases and
/// parameters of lambdas are no uses of a name.
final class AliasSubstitution {
  private final Map<String, SqlNode> expressions;

  AliasSubstitution(Map<String, SqlNode> expressions) {
    this.expressions = expressions;
  }

  SqlNode apply(SqlNode node) {
    switch (node) {
      case null -> {
        return null;
      }
      case SqlIdentifier id -> {
        SqlNode expression = id.isSimple() ? expressions.get(id.getSimple()) : null;
        return expression == null ? node : expression;
      }
      case SqlNodeList list -> applyToList(list);
      case SqlSelect select -> applyToSelect(select);
      case SqlJoin join -> {
        applyToFrom(join.getLeft());
        applyToFrom(join.getRight());
        if (join.getCondition() != null && !(join.getCondition() instanceof SqlNodeList)) {
          join.setOperand(5, apply(join.getCondition()));
        }
      }
      case SqlWithItem item -> apply(item.query);
      case SqlLambda lambda -> applyToLambda(lambda);
      case SqlCall call -> {
        applyToCall(call);
        return called(call);
      }
      default -> {}
    }
    return node;
  }

  private void applyToList(SqlNodeList list) {
    for (int i = 0; i < list.size(); i++) {
      list.set(i, apply(list.get(i)));
    }
  }

  private void applyToSelect(SqlSelect select) {
    SqlNodeList items = select.getSelectList();
    for (int i = 0; i < items.size(); i++) {
      SqlNode before = items.get(i);
      SqlNode after = apply(before);
      // A bare name in the list of results stays the name of the result.
      if (after != before && before instanceof SqlIdentifier id) {
        after = SqlStdOperatorTable.AS.createCall(id.getParserPosition(), after, id);
      }
      items.set(i, after);
    }
    applyToFrom(select.getFrom());
    select.setWhere(apply(select.getWhere()));
    apply(select.getGroup());
    select.setHaving(apply(select.getHaving()));
    apply(select.getWindowList());
    select.setQualify(apply(select.getQualify()));
    apply(select.getOrderList());
  }

  private void applyToFrom(SqlNode from) {
    if (from == null || from instanceof SqlIdentifier) {
      return;
    }
    if (OrderMarks.is(from, OrderMarks.ARRAY_JOIN)) {
      applyToFrom(((SqlCall) from).operand(0));
      apply(((SqlCall) from).operand(1));
    } else if (from.getKind() == SqlKind.AS) {
      applyToFrom(((SqlCall) from).operand(0));
    } else {
      apply(from);
    }
  }

  private void applyToLambda(SqlLambda lambda) {
    Map<String, SqlNode> visible = new HashMap<>(expressions);
    for (SqlNode parameter : lambda.getParameters()) {
      visible.remove(((SqlIdentifier) parameter).getSimple());
    }
    SqlNode body = lambda.getExpression();
    SqlNode changed = new AliasSubstitution(visible).apply(body);
    if (changed != body) {
      lambda.setOperand(1, changed);
    }
  }

  // `f(1)` where f names a lambda: its body, with the arguments in the place of the parameters.
  private SqlNode called(SqlCall call) {
    if (!(call.getOperator() instanceof SqlFunction function)
        || !(expressions.get(function.getName()) instanceof SqlLambda lambda)
        || lambda.getParameters().size() != call.operandCount()) {
      return call;
    }
    Map<String, SqlNode> arguments = new HashMap<>();
    for (int i = 0; i < call.operandCount(); i++) {
      arguments.put(((SqlIdentifier) lambda.getParameters().get(i)).getSimple(), call.operand(i));
    }
    return new AliasSubstitution(arguments).apply(copy(lambda.getExpression()));
  }

  private static SqlNode copy(SqlNode tree) {
    return tree.accept(
        new SqlShuttle() {
          @Override
          public SqlNode visit(SqlCall call) {
            CallCopyingArgHandler copies = new CallCopyingArgHandler(call, true);
            call.getOperator().acceptCall(this, call, false, copies);
            return copies.result();
          }
        });
  }

  private void applyToCall(SqlCall call) {
    List<SqlNode> operands = call.getOperandList();
    int count =
        switch (call.getKind()) {
          case AS -> 1;
          case OVER -> call.operand(1) instanceof SqlIdentifier ? 1 : 2;
          case TABLE_REF -> 0;
          default -> operands.size();
        };
    for (int i = 0; i < count; i++) {
      SqlNode before = operands.get(i);
      SqlNode after = apply(before);
      if (after != before) {
        call.setOperand(i, after);
      }
    }
  }
}
