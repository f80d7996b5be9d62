// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.session;

import dev.varve.merge.engine.MergeTable;
import dev.varve.merge.engine.TableMutation;
import dev.varve.merge.read.TableView;
import dev.varve.sql.expression.Expression;
import dev.varve.sql.parse.AlterAction;
import dev.varve.sql.parse.PlainSelect;
import dev.varve.sql.parse.StatementParser;
import dev.varve.sql.plan.PhysicalPlan;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.NearNames;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorOps;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/// Runs DELETE and UPDATE: a query over the rows that count finds the rows by part and offset, and
/// the mutation takes them away and puts others in their place, in one commit.
final class Mutations {
  private static final SqlParserPos HERE = SqlParserPos.ZERO;

  private final EngineParts parts;
  private final SessionState state;
  private final Running running;

  Mutations(EngineParts parts, SessionState state, Running running) {
    this.parts = parts;
    this.state = state;
    this.running = running;
  }

  /// Returns how many rows were deleted.
  ///
  /// @param partition the id of the only partition to look at
  long delete(MergeTable table, SqlNode where, Optional<String> partition, String command) {
    try (TableMutation mutation = table.mutate(command)) {
      SqlNode query = query(table, List.of(), where, partition);
      try (RowQuery rows = start(query, mutation, table)) {
        for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
          mark(batch, mutation);
        }
      }
      return mutation.commit();
    }
  }

  /// Whether a row that counts is meant.
  boolean isAny(MergeTable table, SqlNode where, Optional<String> partition) {
    SqlSelect query = (SqlSelect) query(table, List.of(), where, partition);
    query.setFetch(SqlLiteral.createExactNumeric("1", HERE));
    return isAny(table, query);
  }

  /// Whether a query over a table has a row.
  boolean isAny(MergeTable table, SqlNode query) {
    QuerySettings settings = state.querySettings();
    try (TableView view = table.view(true)) {
      PhysicalPlan plan = RowQuery.plan(parts, state, query, settings, Map.of(table, view));
      try (RowQuery rows = RowQuery.start(parts, plan, settings, running, false)) {
        for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
          if (batch.rows() > 0) {
            return true;
          }
        }
        return false;
      }
    }
  }

  /// Puts the rows of a query in the place of others. Returns how many rows went.
  ///
  /// @param marked gives part and offset of rows
  /// @param made gives two values to ignore, then the stored columns of an INSERT
  long replace(MergeTable table, SqlNode marked, SqlNode made, String command) {
    try (TableMutation mutation = table.mutate(command)) {
      try (RowQuery rows = start(marked, mutation, table)) {
        for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
          mark(batch, mutation);
        }
      }
      insert(table, made, mutation, false);
      return mutation.commit();
    }
  }

  /// Inserts what a query gives.
  ///
  /// @param marks whether its first two columns say which rows go
  private void insert(MergeTable table, SqlNode query, TableMutation mutation, boolean marks) {
    List<ColumnDefinition> columns = table.insertColumns();
    try (RowQuery rows = start(query, mutation, table);
        Scratch scratch = new Scratch(parts.allocator())) {
      List<Expression> casts = casts(rows.plan(), columns);
      for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
        scratch.reset();
        if (marks) {
          mark(batch, mutation);
        }
        mutation.insert(changed(batch, columns, casts, scratch));
      }
    }
  }

  /// Computes a MATERIALIZED column anew. Of a column with a DEFAULT every row has its value,
  /// stored or not, and nothing is to do.
  long materialize(MergeTable table, String name, Optional<String> partition, String command) {
    ColumnDefinition column =
        table
            .definition()
            .column(name)
            .orElseThrow(() ->
                new VarveException(
                    ErrorCode.NO_SUCH_COLUMN_IN_TABLE,
                    "table " + table.definition().name() + " has no column \"" + name + "\""));
    if (!column.isStored()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "column \"" + name + "\" is not stored; only DEFAULT and MATERIALIZED columns are");
    }
    if (column.isInsertable()) {
      return 0;
    }
    if (fixedColumns(table).contains(name)) {
      throw new VarveException(
          ErrorCode.CANNOT_UPDATE_COLUMN,
          "column \"" + name + "\" decides where a row lies and cannot be computed anew");
    }
    // Rows that are written again have what is computed computed.
    SqlNode all = StatementParser.parseExpression("1 = 1");
    return update(
        table, new AlterAction.Update(List.of(), all, Optional.empty()), partition, command);
  }

  private static void mark(Batch batch, TableMutation mutation) {
    try (Scratch scratch = mutation.newScratch()) {
      Vector parts = VectorOps.flatten(batch.column(0), scratch);
      Vector offsets = VectorOps.flatten(batch.column(1), scratch);
      for (int row = 0; row < batch.rows(); row++) {
        long part = parts.values().get(Vector.I64, row * 8L);
        long offset = offsets.values().get(Vector.I64, row * 8L);
        mutation.delete(Math.toIntExact(part), Math.toIntExact(offset));
      }
    }
  }

  /// Returns how many rows were changed.
  long update(
      MergeTable table, AlterAction.Update update, Optional<String> partition, String command) {
    Set<String> fixed = fixedColumns(table);
    Map<String, SqlNode> values = new java.util.LinkedHashMap<>();
    for (AlterAction.Assignment assignment : update.assignments()) {
      String column = target(table.definition(), assignment.column(), fixed);
      if (values.putIfAbsent(column, assignment.value()) != null) {
        throw new VarveException(
            ErrorCode.BAD_ARGUMENTS, "the UPDATE sets column \"" + column + "\" twice");
      }
    }
    List<SqlNode> items = new ArrayList<>();
    List<ColumnDefinition> columns = table.insertColumns();
    for (ColumnDefinition column : columns) {
      if (column.isStored()) {
        items.add(values.getOrDefault(column.name(), new SqlIdentifier(column.name(), HERE)));
      }
    }
    try (TableMutation mutation = table.mutate(command)) {
      SqlNode query = query(table, items, update.where(), partition);
      insert(table, query, mutation, true);
      return mutation.commit();
    }
  }

  /// Gives the rows of a partition a column's default.
  long clear(MergeTable table, String column, Optional<String> partition, String command) {
    ColumnDefinition cleared =
        table
            .definition()
            .column(target(table.definition(), column, fixedColumns(table)))
            .orElseThrow();
    String value = defaultText(cleared);
    AlterAction.Update update =
        new AlterAction.Update(
            List.of(
                new AlterAction.Assignment(cleared.name(), StatementParser.parseExpression(value))),
            StatementParser.parseExpression("1 = 1"),
            Optional.empty());
    return update(table, update, partition, command);
  }

  /// An expression for the value of a column that a row leaves out.
  static String defaultText(ColumnDefinition column) {
    return column.expression().isEmpty() ? FirstValues.of(column.type()) : column.expression();
  }

  /// The rows as the insert columns have them; what is not stored has its default.
  private static Batch changed(
      Batch found, List<ColumnDefinition> columns, List<Expression> casts, Scratch scratch) {
    List<Vector> vectors = new ArrayList<>();
    int next = 0;
    for (ColumnDefinition column : columns) {
      vectors.add(
          column.isStored()
              ? casts.get(next++).evaluate(found, scratch)
              : InsertColumns.defaultOf(column, found.rows(), scratch));
    }
    return new Batch(found.rows(), vectors);
  }

  private List<Expression> casts(PhysicalPlan plan, List<ColumnDefinition> columns) {
    List<Expression> casts = new ArrayList<>();
    int at = 2;
    for (ColumnDefinition column : columns) {
      if (column.isStored()) {
        DataType from = plan.columns().get(at).type();
        Expression input = new Expression.InputColumn(at++, from);
        casts.add(
            from.equals(column.type())
                ? input
                : new Expression.Call(parts.functions().cast(from, column.type()), List.of(input)));
      }
    }
    return casts;
  }

  private RowQuery start(SqlNode query, TableMutation mutation, MergeTable table) {
    QuerySettings settings = state.querySettings();
    PhysicalPlan plan =
        RowQuery.plan(parts, state, query, settings, Map.of(table, mutation.view()));
    return RowQuery.start(parts, plan, settings, running, false);
  }

  /// `SELECT _part_index, _part_offset, items FROM table WHERE …`.
  private static SqlNode query(
      MergeTable table, List<SqlNode> items, SqlNode where, Optional<String> partition) {
    if (partition.isPresent() && table.combinesAcrossPartitions()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "a row of table "
              + table.definition().name()
              + " may be combined of rows of several partitions and then lies in none of them:"
              + " leave out IN PARTITION and name the rows in WHERE");
    }
    List<SqlNode> all = new ArrayList<>();
    all.add(new SqlIdentifier("_part_index", HERE));
    all.add(new SqlIdentifier("_part_offset", HERE));
    for (int i = 0; i < items.size(); i++) {
      // Under names of their own, so that none of them stands for a column in the condition.
      SqlIdentifier name = new SqlIdentifier("_updated_" + i, HERE);
      all.add(SqlStdOperatorTable.AS.createCall(HERE, items.get(i), name));
    }
    SqlNode condition =
        partition
            .<SqlNode>map(id ->
                SqlStdOperatorTable.AND.createCall(
                    HERE,
                    SqlStdOperatorTable.EQUALS.createCall(
                        HERE,
                        new SqlIdentifier("_partition_id", HERE),
                        SqlLiteral.createCharString(id, HERE)),
                    where))
            .orElse(where);
    TableName name = table.definition().name();
    return PlainSelect.of(
        all, new SqlIdentifier(List.of(name.database(), name.table()), HERE), condition, HERE);
  }

  /// The column that an assignment means.
  private static String target(TableDefinition table, String wanted, Set<String> fixed) {
    List<String> names = table.columns().stream().map(ColumnDefinition::name).toList();
    Optional<ColumnDefinition> found =
        table
            .column(wanted)
            .or(() -> {
              List<String> near = names.stream().filter(wanted::equalsIgnoreCase).toList();
              return near.size() == 1 ? table.column(near.getFirst()) : Optional.empty();
            });
    ColumnDefinition column =
        found.orElseThrow(() ->
            new VarveException(
                ErrorCode.NO_SUCH_COLUMN_IN_TABLE,
                "table "
                    + table.name()
                    + " has no column \""
                    + wanted
                    + "\""
                    + NearNames.suggest(wanted, names)));
    if (column.kind() != ColumnDefinition.Kind.DEFAULT) {
      throw new VarveException(
          ErrorCode.CANNOT_UPDATE_COLUMN,
          "column \"" + column.name() + "\" is computed and cannot be updated");
    }
    if (fixed.contains(column.name())) {
      throw new VarveException(
          ErrorCode.CANNOT_UPDATE_COLUMN,
          "column \""
              + column.name()
              + "\" decides where a row lies or which row of a key counts, and cannot be updated;"
              + " delete the row and insert another");
    }
    return column.name();
  }

  /// Columns of the keys and those that the merge rule goes by.
  private static Set<String> fixedColumns(MergeTable table) {
    return new HashSet<>(table.fixedColumns());
  }
}
