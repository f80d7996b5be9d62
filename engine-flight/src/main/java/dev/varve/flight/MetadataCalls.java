// SPDX-License-Identifier: Apache-2.0
package dev.varve.flight;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.varve.sql.session.Session;
import dev.varve.sql.session.SqlEngine;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.NoOpFlightSqlProducer;
import org.apache.arrow.flight.sql.SqlInfoBuilder;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetCatalogs;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetCrossReference;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetDbSchemas;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetExportedKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetImportedKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetPrimaryKeys;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetSqlInfo;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetTableTypes;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetTables;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedTransaction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/// The calls of Flight SQL that ask what there is: catalogs, schemas, tables, keys, abilities. Each
/// has a session of its own with its caller's rights. Safe for threads.
abstract class MetadataCalls extends NoOpFlightSqlProducer {
  private final SqlEngine sql;
  private final Listings listings;
  private final SqlInfoBuilder info =
      new SqlInfoBuilder()
          .withFlightSqlServerName("Varve")
          .withFlightSqlServerVersion("0.1")
          .withFlightSqlServerArrowVersion("19.0.0")
          .withFlightSqlServerReadOnly(false)
          .withFlightSqlServerSql(true)
          .withFlightSqlServerSubstrait(false)
          .withFlightSqlServerCancel(true)
          .withFlightSqlServerBulkIngestion(true)
          .withFlightSqlServerBulkIngestionTransaction(false)
          .withFlightSqlServerTransaction(SqlSupportedTransaction.SQL_SUPPORTED_TRANSACTION_NONE)
          .withSqlTransactionsSupported(false)
          .withSqlIdentifierQuoteChar("\"")
          .withSqlSchemaTerm("database")
          .withSqlDdlCatalog(false)
          .withSqlDdlSchema(true)
          .withSqlDdlTable(true);

  MetadataCalls(SqlEngine sql, BufferAllocator memory) {
    this.sql = sql;
    this.listings = new Listings(memory);
  }

  /// Something to do in a session of the caller's.
  @FunctionalInterface
  interface Work<T> {
    T in(Session session) throws IOException;
  }

  final <T> T with(CallContext context, Work<T> work) {
    try (Session session = sql.openFor(context.peerIdentity(), "")) {
      return work.in(session);
    } catch (IOException | RuntimeException | AssertionError e) {
      throw FlightErrors.of(e);
    }
  }

  /// The same where the answer goes to a listener, and errors with it.
  private void stream(CallContext context, ServerStreamListener listener, Work<Void> work) {
    try {
      with(context, work);
    } catch (RuntimeException told) {
      listener.error(told);
    }
  }

  static FlightInfo info(Message request, FlightDescriptor descriptor, Schema schema) {
    Ticket ticket = new Ticket(Any.pack(request).toByteArray());
    return FlightInfo.builder(schema, descriptor, List.of(new FlightEndpoint(ticket)))
        .setBytes(-1)
        .setRecords(-1)
        .build();
  }

  @Override
  public FlightInfo getFlightInfoSqlInfo(
      CommandGetSqlInfo request, CallContext context, FlightDescriptor descriptor) {
    return info(request, descriptor, Schemas.GET_SQL_INFO_SCHEMA);
  }

  @Override
  public void getStreamSqlInfo(
      CommandGetSqlInfo command, CallContext context, ServerStreamListener listener) {
    info.send(command.getInfoList(), listener);
  }

  @Override
  public FlightInfo getFlightInfoCatalogs(
      CommandGetCatalogs request, CallContext context, FlightDescriptor descriptor) {
    return info(request, descriptor, Schemas.GET_CATALOGS_SCHEMA);
  }

  @Override
  public void getStreamCatalogs(CallContext context, ServerStreamListener listener) {
    listings.catalogs(listener);
  }

  @Override
  public FlightInfo getFlightInfoSchemas(
      CommandGetDbSchemas request, CallContext context, FlightDescriptor descriptor) {
    return info(request, descriptor, Schemas.GET_SCHEMAS_SCHEMA);
  }

  @Override
  public void getStreamSchemas(
      CommandGetDbSchemas command, CallContext context, ServerStreamListener listener) {
    stream(
        context,
        listener,
        session -> {
          listings.schemas(command, session, listener);
          return null;
        });
  }

  @Override
  public FlightInfo getFlightInfoTables(
      CommandGetTables request, CallContext context, FlightDescriptor descriptor) {
    return info(
        request,
        descriptor,
        request.getIncludeSchema()
            ? Schemas.GET_TABLES_SCHEMA
            : Schemas.GET_TABLES_SCHEMA_NO_SCHEMA);
  }

  @Override
  public void getStreamTables(
      CommandGetTables command, CallContext context, ServerStreamListener listener) {
    stream(
        context,
        listener,
        session -> {
          listings.tables(command, session, listener);
          return null;
        });
  }

  @Override
  public FlightInfo getFlightInfoTableTypes(
      CommandGetTableTypes request, CallContext context, FlightDescriptor descriptor) {
    return info(request, descriptor, Schemas.GET_TABLE_TYPES_SCHEMA);
  }

  @Override
  public void getStreamTableTypes(CallContext context, ServerStreamListener listener) {
    listings.tableTypes(listener);
  }

  @Override
  public FlightInfo getFlightInfoPrimaryKeys(
      CommandGetPrimaryKeys request, CallContext context, FlightDescriptor descriptor) {
    return info(request, descriptor, Schemas.GET_PRIMARY_KEYS_SCHEMA);
  }

  @Override
  public void getStreamPrimaryKeys(
      CommandGetPrimaryKeys command, CallContext context, ServerStreamListener listener) {
    stream(
        context,
        listener,
        session -> {
          listings.primaryKeys(command, session, listener);
          return null;
        });
  }

  @Override
  public FlightInfo getFlightInfoExportedKeys(
      CommandGetExportedKeys request, CallContext context, FlightDescriptor descriptor) {
    return info(request, descriptor, Schemas.GET_EXPORTED_KEYS_SCHEMA);
  }

  @Override
  public void getStreamExportedKeys(
      CommandGetExportedKeys command, CallContext context, ServerStreamListener listener) {
    listings.none(Schemas.GET_EXPORTED_KEYS_SCHEMA, listener);
  }

  @Override
  public FlightInfo getFlightInfoImportedKeys(
      CommandGetImportedKeys request, CallContext context, FlightDescriptor descriptor) {
    return info(request, descriptor, Schemas.GET_IMPORTED_KEYS_SCHEMA);
  }

  @Override
  public void getStreamImportedKeys(
      CommandGetImportedKeys command, CallContext context, ServerStreamListener listener) {
    listings.none(Schemas.GET_IMPORTED_KEYS_SCHEMA, listener);
  }

  @Override
  public FlightInfo getFlightInfoCrossReference(
      CommandGetCrossReference request, CallContext context, FlightDescriptor descriptor) {
    return info(request, descriptor, Schemas.GET_CROSS_REFERENCE_SCHEMA);
  }

  @Override
  public void getStreamCrossReference(
      CommandGetCrossReference command, CallContext context, ServerStreamListener listener) {
    listings.none(Schemas.GET_CROSS_REFERENCE_SCHEMA, listener);
  }
}
