// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan.validate;

import dev.varve.sql.parse.DataTypeSpec;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.type.DataType;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.NlsString;

/// `values(['name Type, …', ] row, …)` in FROM as the query VALUES.
record ValueLists(SqlNode query, List<SqlNode> columns) {
  static ValueLists of(SqlCall call) {
    SqlParserPos position = call.getParserPosition();
    List<SqlNode> rows = new ArrayList<>(call.getOperandList());
    Structure structure = structure(rows);
    if (structure != null) {
      rows.removeFirst();
    }
    if (rows.isEmpty()) {
      throw Place.error(ErrorCode.BAD_ARGUMENTS, position, "values(…) wants at least one row");
    }
    int width = cells(rows.getFirst()).size();
    List<SqlNode> casted = new ArrayList<>();
    for (SqlNode row : rows) {
      List<SqlNode> cells = cells(row);
      int wanted = structure == null ? width : structure.types().size();
      if (cells.size() != wanted) {
        throw Place.error(
            ErrorCode.BAD_ARGUMENTS,
            row.getParserPosition(),
            "a row of values(…) has "
                + cells.size()
                + " values, where there are "
                + wanted
                + " columns");
      }
      List<SqlNode> values = new ArrayList<>();
      for (int i = 0; i < cells.size(); i++) {
        values.add(structure == null ? cells.get(i) : cast(cells.get(i), structure.types().get(i)));
      }
      casted.add(SqlStdOperatorTable.ROW.createCall(row.getParserPosition(), values));
    }
    List<SqlNode> names = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      String name = structure == null ? "c" + (i + 1) : structure.names().get(i);
      names.add(new SqlIdentifier(name, position));
    }
    return new ValueLists(SqlStdOperatorTable.VALUES.createCall(position, casted), names);
  }

  // One text before rows that are no texts tells the columns.
  private static Structure structure(List<SqlNode> rows) {
    boolean told =
        rows.size() > 1
            && rows.getFirst() instanceof SqlLiteral first
            && first.getValue() instanceof NlsString text
            && text.getValue().strip().contains(" ");
    return told ? Structure.parse(TableFunctions.text(rows.getFirst())) : null;
  }

  private static List<SqlNode> cells(SqlNode row) {
    boolean tuple =
        row.getKind() == SqlKind.ROW
            || row instanceof SqlCall call && call.getOperator().getName().equals("tuple");
    return tuple ? ((SqlCall) row).getOperandList() : List.of(row);
  }

  private static SqlNode cast(SqlNode value, DataType type) {
    SqlParserPos position = value.getParserPosition();
    return SqlStdOperatorTable.CAST.createCall(
        position, value, DataTypeSpec.of(type.name(), position));
  }
}
