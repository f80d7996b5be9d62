// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.sql.parse.AlterAction;
import dev.varve.sql.parse.ParameterValues;
import dev.varve.sql.parse.Statement;
import dev.varve.sql.parse.StatementParser;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.type.DataType;
import dev.varve.storage.type.DataTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// The types that a statement wants for its `?`, found without running it. Where any will do, text
/// is said.
final class StatementParameters {
  private static final DataType ANY = DataTypes.STRING;

  private final EngineParts parts;
  private final SessionState state;
  private final Names names;

  StatementParameters(EngineParts parts, SessionState state, Names names) {
    this.parts = parts;
    this.state = state;
    this.names = names;
  }

  /// One column a parameter, by their numbers; all may be NULL.
  List<ResultColumn> of(String sql) {
    StatementParser.Parsed parsed = StatementParser.parse(sql, ParameterValues.UNKNOWN);
    List<Optional<DataType>> wanted =
        switch (parsed.statement()) {
          case Statement.Query query -> wanted(query.node(), parsed.places());
          case Statement.Insert(_, _, Statement.Source.Select(Statement.Query query), _) ->
              wanted(query.node(), parsed.places());
          case Statement.Insert insert -> ofRows(insert, sql);
          case Statement.Alter alter -> ofChanges(alter, parsed.places());
          default -> List.of();
        };
    List<ResultColumn> columns = new ArrayList<>();
    for (int i = 0; i < Math.max(wanted.size(), parsed.parameters()); i++) {
      DataType type = i < wanted.size() ? wanted.get(i).orElse(ANY) : ANY;
      columns.add(new ResultColumn(Integer.toString(i + 1), DataTypes.nullable(type)));
    }
    return columns;
  }

  private List<Optional<DataType>> wanted(SqlNode query, Map<SqlParserPos, Integer> places) {
    return places.isEmpty() ? List.of() : RowQuery.wanted(parts, state, query, places);
  }

  /// Those that are a value of a row are of its column's type.
  private List<Optional<DataType>> ofRows(Statement.Insert insert, String sql) {
    int offset =
        switch (insert.source()) {
          case Statement.Source.Values(int at) -> at;
          case Statement.Source.Format(String name, int at) when name.equalsIgnoreCase("Values") ->
              at;
          default -> sql.length();
        };
    String rows = sql.substring(offset).strip();
    if (rows.indexOf('?') < 0) {
      return List.of();
    }
    if (rows.endsWith(";")) {
      rows = rows.substring(0, rows.length() - 1);
    }
    StatementParser.ParsedExpression list =
        StatementParser.parseExpression("tuple(" + rows + ")", ParameterValues.UNKNOWN);
    List<ColumnDefinition> columns =
        new InsertColumns(
                names.stored(names.get(insert.table())), insert.columns(), parts.compiler())
            .given();
    List<Optional<DataType>> types = new ArrayList<>();
    for (int i = 0; i < list.parameters(); i++) {
      types.add(Optional.empty());
    }
    for (SqlNode row : ((SqlCall) list.node()).getOperandList()) {
      List<SqlNode> values = row instanceof SqlCall call ? call.getOperandList() : List.of(row);
      for (int i = 0; i < Math.min(values.size(), columns.size()); i++) {
        Integer parameter = list.places().get(values.get(i).getParserPosition());
        if (parameter != null) {
          types.set(parameter, Optional.of(columns.get(i).type().unwrapped()));
        }
      }
    }
    return types;
  }

  /// UPDATE and DELETE: as if the new values and the condition were asked of the table.
  private List<Optional<DataType>> ofChanges(
      Statement.Alter alter, Map<SqlParserPos, Integer> places) {
    List<SqlNode> items = new ArrayList<>();
    for (AlterAction action : alter.actions()) {
      switch (action) {
        case AlterAction.Delete delete -> items.add(delete.where());
        case AlterAction.Update update -> {
          items.add(update.where());
          for (AlterAction.Assignment set : update.assignments()) {
            SqlNode column = new SqlIdentifier(set.column(), SqlParserPos.ZERO);
            items.add(
                SqlStdOperatorTable.EQUALS.createCall(SqlParserPos.ZERO, column, set.value()));
          }
        }
        default -> {
          // No other action has a condition.
        }
      }
    }
    return items.isEmpty() ? List.of() : wanted(select(items, alter.table()), places);
  }

  private static SqlNode select(List<SqlNode> items, Statement.Name table) {
    List<String> path = new ArrayList<>();
    table.database().ifPresent(path::add);
    path.add(table.table());
    return new SqlSelect(
        SqlParserPos.ZERO,
        null,
        new SqlNodeList(items, SqlParserPos.ZERO),
        new SqlIdentifier(path, SqlParserPos.ZERO),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
