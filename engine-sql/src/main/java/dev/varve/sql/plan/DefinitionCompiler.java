// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan;

import dev.varve.sql.catalog.Catalog;
import dev.varve.sql.catalog.Relation;
import dev.varve.sql.expression.Expression;
import dev.varve.sql.expression.ExpressionText;
import dev.varve.sql.operator.Operator;
import dev.varve.sql.operator.Project;
import dev.varve.sql.operator.Values;
import dev.varve.sql.parse.ParameterValues;
import dev.varve.sql.parse.PlainSelect;
import dev.varve.sql.parse.StatementParser;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.ExpressionCompiler;
import dev.varve.storage.table.TableName;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.Scratch;
import dev.varve.storage.vector.Vector;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// Compiles the expressions of definitions as the query `SELECT expression FROM row`, whose one
/// table has the columns that the expression may name. Safe for threads.
public final class DefinitionCompiler implements ExpressionCompiler {
  private static final TableName ROW = new TableName("", "row");

  private final Planner planner;

  public DefinitionCompiler(Planner planner) {
    this.planner = planner;
  }

  @Override
  public Compiled compile(String expression, List<ColumnDefinition> columns) {
    SqlNode parsed =
        ComputedColumns.of(columns).inlined(StatementParser.parseExpression(expression));
    List<ColumnDefinition> given = columns.stream().filter(ColumnDefinition::isInsertable).toList();
    return compiled(expression, parsed, given);
  }

  /// An expression without columns.
  ///
  /// @param parameters how many `?` it has
  public record Constant(Compiled expression, int parameters) {}

  /// Compiles an expression without columns.
  ///
  /// @param values for its open places; of the positional ones it takes the first
  public Constant constant(String expression, ParameterValues values) {
    StatementParser.ParsedExpression parsed = StatementParser.parseExpression(expression, values);
    return new Constant(compiled(expression, parsed.node(), List.of()), parsed.parameters());
  }

  private Compiled compiled(String text, SqlNode parsed, List<ColumnDefinition> columns) {
    try {
      return compiled(expression(parsed, columns), columns);
    } catch (VarveException e) {
      throw new VarveException(
          e.code(), "in the expression \"" + text + "\": " + e.getMessage(), e);
    }
  }

  private Expression expression(SqlNode parsed, List<ColumnDefinition> columns) {
    SqlParserPos pos = parsed.getParserPosition();
    SqlNode select =
        PlainSelect.of(
            List.of(parsed), new SqlIdentifier(List.of(ROW.database(), ROW.table()), pos), pos);
    PlanContext context =
        new PlanContext(
            new RowCatalog(columns), ROW.database(), true, 1, StatementParser::parseQuery);
    Operator root = planner.unoptimized(select, context);
    return switch (root) {
      case Project(Values _, List<Expression> expressions) when expressions.size() == 1 ->
          expressions.getFirst();
      // A projection of the only column is no projection.
      case Values values when values.types().size() == 1 ->
          new Expression.InputColumn(0, values.types().getFirst());
      default ->
          throw new VarveException(
              ErrorCode.BAD_ARGUMENTS,
              "an expression of a definition takes values of its own row only, without subqueries"
                  + " and aggregates");
    };
  }

  private static Compiled compiled(Expression expression, List<ColumnDefinition> columns) {
    return new Compiled() {
      @Override
      public DataType type() {
        return expression.type();
      }

      @Override
      public Vector evaluate(Batch rows, Scratch scratch) {
        return expression.evaluate(rows, scratch);
      }

      @Override
      public String canonical() {
        return ExpressionText.of(expression, i -> columns.get(i).name());
      }

      @Override
      public boolean isDeterministic() {
        return expression.isDeterministic();
      }
    };
  }

  /// A catalog of one table without rows.
  private record RowCatalog(List<ColumnDefinition> columns) implements Catalog {
    @Override
    public Optional<Relation> find(TableName name) {
      return name.equals(ROW)
          ? Optional.of(new Relation.Rows(ROW.table(), columns, List::of))
          : Optional.empty();
    }

    @Override
    public void requireFiles(String function) {
      // Definitions come from whoever was allowed to make them.
    }

    @Override
    public Collection<String> databases() {
      return List.of(ROW.database());
    }

    @Override
    public Collection<String> tables(String database) {
      return database.equals(ROW.database()) ? List.of(ROW.table()) : List.of();
    }

    @Override
    public long version() {
      return 0;
    }
  }
}
