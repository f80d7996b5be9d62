// SPDX-License-Identifier: Apache-2.0
package dev.varve.sql.plan;

import dev.varve.sql.catalog.Catalog;
import dev.varve.sql.catalog.Relation;
import dev.varve.sql.function.FunctionRegistry;
import dev.varve.sql.operator.ParallelSource;
import dev.varve.sql.operator.QueryContext;
import dev.varve.sql.parse.StatementParser;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.table.TableName;
import dev.varve.storage.type.DataTypes;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Vector;
import dev.varve.storage.vector.VectorValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.RootAllocator;

/// Plans and runs queries over rows that a test gives, on one thread.
final class QueryRunner implements AutoCloseable, Catalog {
  private final RootAllocator allocator = new RootAllocator();
  private final Planner planner = new Planner(FunctionRegistry.standard(), allocator);
  private final Map<String, Relation> tables = new LinkedHashMap<>();

  /// A table of columns such as `a Int64, b String`; the types must hold no comma.
  QueryRunner table(String name, String columns, List<?>... rows) {
    List<ColumnDefinition> definitions = new ArrayList<>();
    for (String column : columns.split(", ")) {
      String[] parts = column.split(" ", 2);
      definitions.add(ColumnDefinition.of(parts[0], DataTypes.parse(parts[1])));
    }
    List<List<Object>> copies = new ArrayList<>();
    Arrays.stream(rows).forEach(row -> copies.add(new ArrayList<>(row)));
    tables.put(name, new Relation.Rows(name, definitions, () -> copies));
    return this;
  }

  /// The rows of a query, values as text, tab between them.
  List<String> rows(String sql) {
    try (PhysicalPlan plan = plan(sql);
        QueryContext context =
            new QueryContext(
                allocator.newChildAllocator("query", 0, 1L << 30),
                1,
                Runnable::run,
                () -> 0,
                0,
                false);
        ParallelSource source = context.open(plan.root())) {
      List<String> rows = new ArrayList<>();
      for (int worker = 0; worker < source.parallelism(); worker++) {
        try (BatchSource share = source.worker(worker)) {
          for (Batch batch = share.next(); batch != null; batch = share.next()) {
            for (int row = 0; row < batch.rows(); row++) {
              rows.add(text(batch, row));
            }
          }
        }
      }
      return rows;
    }
  }

  private static String text(Batch batch, int row) {
    List<String> values = new ArrayList<>();
    for (Vector column : batch.columns()) {
      values.add(String.valueOf(VectorValues.get(column, row)));
    }
    return String.join("\t", values);
  }

  PhysicalPlan plan(String sql) {
    PlanContext context = new PlanContext(this, "default", true, 1, StatementParser::parseQuery);
    return planner.plan(StatementParser.parseQuery(sql), context);
  }

  String explain(String sql) {
    try (PhysicalPlan plan = plan(sql)) {
      return plan.explain();
    }
  }

  /// Names and types of the result.
  List<String> columns(String sql) {
    try (PhysicalPlan plan = plan(sql)) {
      return plan.columns().stream().map(c -> c.name() + " " + c.type().name()).toList();
    }
  }

  @Override
  public Optional<Relation> find(TableName name) {
    return name.database().equals("default")
        ? Optional.ofNullable(tables.get(name.table()))
        : Optional.empty();
  }

  @Override
  public void requireFiles(String function) {}

  @Override
  public Collection<String> databases() {
    return List.of("default");
  }

  @Override
  public Collection<String> tables(String database) {
    return tables.keySet();
  }

  @Override
  public long version() {
    return 1;
  }

  @Override
  public void close() {
    // Children are the queries' own; what a failing test leaves must not hide its failure.
    allocator.getChildAllocators().forEach(child -> child.close());
    allocator.close();
  }
}
