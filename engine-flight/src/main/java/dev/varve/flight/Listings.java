// SPDX-License-Identifier: Apache-2.0
package dev.varve.flight;

import dev.varve.sql.session.Request;
import dev.varve.sql.session.Result;
import dev.varve.sql.session.Session;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.VectorValues;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.flight.sql.FlightSqlProducer.Schemas;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetDbSchemas;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetPrimaryKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetTables;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/// What there is, as Flight SQL lists it. Databases are schemas; there are no catalogs. Each user
/// sees what is theirs to see, as the listings are queries of `system`.
final class Listings {
  private static final List<String> TABLE_TYPES = List.of("SYSTEM TABLE", "TABLE", "VIEW");

  /// Rules that leave one row of each sorting key, so that the key identifies a row.
  private static final Set<String> UNIQUE_ENGINES =
      Set.of(
          "ReplacingMergeTree",
          "CollapsingMergeTree",
          "VersionedCollapsingMergeTree",
          "SummingMergeTree",
          "AggregatingMergeTree");

  private final BufferAllocator memory;

  Listings(BufferAllocator memory) {
    this.memory = memory;
  }

  void catalogs(ServerStreamListener listener) {
    send(Schemas.GET_CATALOGS_SCHEMA, List.of(), listener);
  }

  void tableTypes(ServerStreamListener listener) {
    List<Object[]> rows = new ArrayList<>();
    TABLE_TYPES.forEach(type -> rows.add(new Object[] {type}));
    send(Schemas.GET_TABLE_TYPES_SCHEMA, rows, listener);
  }

  /// Without rows, as there is nothing of the kind.
  void none(Schema schema, ServerStreamListener listener) {
    send(schema, List.of(), listener);
  }

  void schemas(CommandGetDbSchemas command, Session session, ServerStreamListener listener) {
    List<Object[]> rows = new ArrayList<>();
    if (!isOtherCatalog(command.hasCatalog(), command.getCatalog())) {
      String pattern =
          command.hasDbSchemaFilterPattern() ? command.getDbSchemaFilterPattern() : "%";
      String sql = "SELECT name FROM system.databases WHERE name LIKE ? ORDER BY name";
      for (List<Object> row : query(sql, List.of(pattern), session)) {
        rows.add(new Object[] {null, row.getFirst()});
      }
    }
    send(Schemas.GET_SCHEMAS_SCHEMA, rows, listener);
  }

  void tables(CommandGetTables command, Session session, ServerStreamListener listener) {
    boolean described = command.getIncludeSchema();
    List<Object[]> rows = new ArrayList<>();
    if (!isOtherCatalog(command.hasCatalog(), command.getCatalog())) {
      String schemas =
          command.hasDbSchemaFilterPattern() ? command.getDbSchemaFilterPattern() : "%";
      String names =
          command.hasTableNameFilterPattern() ? command.getTableNameFilterPattern() : "%";
      String sql =
          "SELECT database, name, engine FROM system.tables WHERE database LIKE ? AND name LIKE ?"
              + " ORDER BY database, name";
      for (List<Object> row : query(sql, List.of(schemas, names), session)) {
        String database = (String) row.get(0);
        String name = (String) row.get(1);
        String type = tableType(database, (String) row.get(2));
        if (command.getTableTypesCount() == 0 || command.getTableTypesList().contains(type)) {
          Object[] cells = {null, database, name, type};
          rows.add(described ? with(cells, schema(database, name, session)) : cells);
        }
      }
    }
    send(
        described ? Schemas.GET_TABLES_SCHEMA : Schemas.GET_TABLES_SCHEMA_NO_SCHEMA,
        rows,
        listener);
  }

  private static Object[] with(Object[] cells, byte[] schema) {
    Object[] all = Arrays.copyOf(cells, cells.length + 1);
    all[cells.length] = schema;
    return all;
  }

  private static String tableType(String database, String engine) {
    if (database.equals("system") || database.equals("information_schema")) {
      return "SYSTEM TABLE";
    }
    return engine.endsWith("View") ? "VIEW" : "TABLE";
  }

  /// A table's columns; none where the user may not see all of them.
  private static byte[] schema(String database, String table, Session session) {
    try {
      String sql = "SELECT * FROM `" + database + "`.`" + table + "`";
      return ResultRows.schema(session.describe(sql)).serializeAsMessage();
    } catch (VarveException hidden) {
      return new Schema(List.of()).serializeAsMessage();
    }
  }

  void primaryKeys(CommandGetPrimaryKeys command, Session session, ServerStreamListener listener) {
    List<Object[]> rows = new ArrayList<>();
    if (!isOtherCatalog(command.hasCatalog(), command.getCatalog())) {
      String sql =
          "SELECT database, engine, sorting_key FROM system.tables WHERE name = ? AND database LIKE"
              + " ? ORDER BY database";
      String database = command.hasDbSchema() ? command.getDbSchema() : "%";
      for (List<Object> row : query(sql, List.of(command.getTable(), database), session)) {
        int sequence = 1;
        for (String column : key((String) row.get(1), (String) row.get(2))) {
          rows.add(
              new Object[] {null, row.getFirst(), command.getTable(), column, sequence++, null});
        }
      }
    }
    send(Schemas.GET_PRIMARY_KEYS_SCHEMA, rows, listener);
  }

  /// The columns of a sorting key that identifies a row, else none: an expression is no column.
  private static List<String> key(String engine, String sortingKey) {
    List<String> columns =
        Arrays.stream(sortingKey.split(","))
            .map(name -> name.strip().replaceAll("^[`\"]|[`\"]$", ""))
            .toList();
    boolean plain = columns.stream().allMatch(name -> name.matches("[\\p{L}_][\\p{L}\\p{N}_$ ]*"));
    return UNIQUE_ENGINES.contains(engine) && plain ? columns : List.of();
  }

  private static boolean isOtherCatalog(boolean given, String catalog) {
    return given && !catalog.isEmpty();
  }

  private static List<List<Object>> query(String sql, List<Object> values, Session session) {
    Request request = new Request(sql, values, Map.of(), Map.of(), Optional.empty(), "");
    List<List<Object>> rows = new ArrayList<>();
    try (Result result = session.execute(request);
        BatchSource batches = result.batches()) {
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        for (int row = 0; row < batch.rows(); row++) {
          List<Object> cells = new ArrayList<>();
          for (int column = 0; column < batch.columns().size(); column++) {
            cells.add(VectorValues.get(batch.column(column), row));
          }
          rows.add(cells);
        }
      }
    }
    return rows;
  }

  private void send(Schema schema, List<Object[]> rows, ServerStreamListener listener) {
    try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, memory)) {
      root.allocateNew();
      for (int row = 0; row < rows.size(); row++) {
        for (int column = 0; column < rows.get(row).length; column++) {
          set(root.getVector(column), row, rows.get(row)[column]);
        }
      }
      root.setRowCount(rows.size());
      listener.start(root);
      listener.putNext();
      listener.completed();
    }
  }

  private static void set(FieldVector vector, int row, Object cell) {
    switch (cell) {
      case null -> vector.setNull(row);
      case Integer number -> ((IntVector) vector).setSafe(row, number);
      case byte[] bytes -> ((VarBinaryVector) vector).setSafe(row, bytes);
      default ->
          ((VarCharVector) vector).setSafe(row, cell.toString().getBytes(StandardCharsets.UTF_8));
    }
  }
}
