// SPDX-License-Identifier: Apache-2.0
package dev.varve.flight;

import dev.varve.sql.session.Request;
import dev.varve.sql.session.Result;
import dev.varve.sql.session.Session;
import dev.varve.storage.column.ColumnDefinition;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions.TableExistsOption;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions.TableNotExistOption;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.Schema;

/// Rows that a caller sends for a table, all of them or none; the table may be made for them.
final class Ingestion {
  private Ingestion() {}

  /// Returns how many rows there were.
  static long run(CommandStatementIngest command, FlightStream flight, Session session)
      throws IOException {
    requireNoTransaction(command);
    String table =
        command.hasSchema()
            ? quoted(command.getSchema()) + "." + quoted(command.getTable())
            : quoted(command.getTable());
    Schema schema = flight.getSchema();
    prepare(command.getTableDefinitionOptions(), table, schema, session);
    String names =
        schema.getFields().stream()
            .map(field -> quoted(field.getName()))
            .collect(Collectors.joining(", "));
    try (IngestedRows rows = new IngestedRows(flight);
        Result result =
            session.execute(
                new Request(
                    "INSERT INTO " + table + " (" + names + ") FORMAT ArrowStream",
                    List.of(),
                    Map.of(),
                    Map.of(),
                    Optional.of(rows),
                    ""))) {
      return result.writtenRows();
    }
  }

  private static void requireNoTransaction(CommandStatementIngest command) {
    if (command.hasTransactionId() || command.getTemporary()) {
      throw new VarveException(
          ErrorCode.NOT_IMPLEMENTED,
          "bulk ingestion goes into a table that stays, and is a transaction of its own");
    }
  }

  private static void prepare(
      TableDefinitionOptions options, String table, Schema schema, Session session)
      throws IOException {
    boolean exists = exists(table, session);
    if (exists && options.getIfExists() == TableExistsOption.TABLE_EXISTS_OPTION_FAIL) {
      throw new VarveException(
          ErrorCode.TABLE_ALREADY_EXISTS, "table " + table + " exists, and the caller wants none");
    }
    boolean replaced =
        exists && options.getIfExists() == TableExistsOption.TABLE_EXISTS_OPTION_REPLACE;
    if (replaced) {
      run("DROP TABLE " + table, session);
    }
    boolean made = options.getIfNotExist() == TableNotExistOption.TABLE_NOT_EXIST_OPTION_CREATE;
    if (replaced || !exists && made) {
      run("CREATE TABLE " + table + " (" + columns(schema) + ") ORDER BY tuple()", session);
    }
  }

  private static boolean exists(String table, Session session) {
    try {
      session.describe("SELECT * FROM " + table);
      return true;
    } catch (VarveException e) {
      if (e.code() == ErrorCode.UNKNOWN_TABLE) {
        return false;
      }
      throw e;
    }
  }

  private static void run(String sql, Session session) {
    session.execute(Request.of(sql)).close();
  }

  /// The columns of a table for rows of this schema.
  private static String columns(Schema schema) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (RootAllocator memory = new RootAllocator();
        VectorSchemaRoot root = VectorSchemaRoot.create(schema, memory);
        ArrowStreamWriter writer = new ArrowStreamWriter(root, null, Channels.newChannel(bytes))) {
      writer.start();
      writer.end();
    }
    List<ColumnDefinition> columns = BoundRows.columns(bytes.toByteArray());
    return columns.stream()
        .map(column -> quoted(column.name()) + " " + column.type().name())
        .collect(Collectors.joining(", "));
  }

  private static String quoted(String name) {
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`";
  }
}
