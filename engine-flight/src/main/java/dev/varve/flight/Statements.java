// SPDX-License-Identifier: Apache-2.0
package dev.varve.flight;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.varve.sql.session.Request;
import dev.varve.sql.session.Result;
import dev.varve.sql.session.Session;
import dev.varve.sql.session.SqlEngine;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.apache.arrow.flight.CancelFlightInfoRequest;
import org.apache.arrow.flight.CancelStatus;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.SchemaResult;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionClosePreparedStatementRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCreatePreparedStatementRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCreatePreparedStatementResult;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandPreparedStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandPreparedStatementUpdate;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementUpdate;
import org.apache.arrow.flight.sql.impl.FlightSql.DoPutUpdateResult;
import org.apache.arrow.flight.sql.impl.FlightSql.TicketStatementQuery;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/// The calls of Flight SQL. Each has a session of its own with its caller's rights, so a SET lasts
/// for one call; a statement runs when its rows are asked for, on a thread of its own, as a call's
/// handlers run only once its method is through. Safe for threads.
final class Statements extends MetadataCalls {
  private static final int ID_LENGTH = 36;

  private final BufferAllocator memory;
  private final Executor senders;
  private final ResultRows rows;
  private final Prepared prepared = new Prepared();
  private final RunningCalls running = new RunningCalls();

  /// @param senders run the statements whose rows are sent
  Statements(SqlEngine sql, BufferAllocator memory, Executor senders) {
    super(sql, memory);
    this.memory = memory;
    this.senders = senders;
    this.rows = new ResultRows(memory);
  }

  /// What a session is to run.
  @FunctionalInterface
  private interface Asked {
    Request request();
  }

  /// Runs a statement and sends its rows.
  ///
  /// @param ticket as the caller holds it, for cancelling
  private void send(
      Message ticket, CallContext context, ServerStreamListener listener, Asked asked) {
    ByteString key = Any.pack(ticket).toByteString();
    Caller caller = new Caller(listener, context.peerIdentity());
    running.add(key, caller);
    senders.execute(() -> {
      try {
        with(
            context,
            session -> {
              caller.runsIn(session);
              rows.send(session, asked.request(), caller);
              return null;
            });
      } catch (RuntimeException told) {
        listener.error(told);
      } finally {
        running.remove(key, caller);
      }
    });
  }

  @Override
  public void cancelFlightInfo(
      CancelFlightInfoRequest request, CallContext context, StreamListener<CancelStatus> answer) {
    long cancelled =
        request.getInfo().getEndpoints().stream()
            .map(endpoint -> ByteString.copyFrom(endpoint.getTicket().getBytes()))
            .filter(ticket -> running.cancel(ticket, context.peerIdentity()))
            .count();
    answer.onNext(cancelled > 0 ? CancelStatus.CANCELLED : CancelStatus.NOT_CANCELLABLE);
    answer.onCompleted();
  }

  // Statements

  @Override
  public FlightInfo getFlightInfoStatement(
      CommandStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    String text = command.getQuery();
    Schema schema = with(context, session -> ResultRows.schema(session.describe(text)));
    // Each run of a text has a ticket of its own, so that one can be cancelled.
    ByteString handle = ByteString.copyFromUtf8(UUID.randomUUID() + text);
    TicketStatementQuery ticket =
        TicketStatementQuery.newBuilder().setStatementHandle(handle).build();
    return info(ticket, descriptor, schema);
  }

  @Override
  public SchemaResult getSchemaStatement(
      CommandStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    String text = command.getQuery();
    return new SchemaResult(with(context, session -> ResultRows.schema(session.describe(text))));
  }

  @Override
  public void getStreamStatement(
      TicketStatementQuery ticket, CallContext context, ServerStreamListener listener) {
    send(
        ticket,
        context,
        listener,
        () -> {
          String handle = ticket.getStatementHandle().toStringUtf8();
          if (handle.length() < ID_LENGTH) {
            throw new VarveException(
                ErrorCode.BAD_ARGUMENTS, "the ticket is none of this server; ask for its info");
          }
          return Request.of(handle.substring(ID_LENGTH));
        });
  }

  @Override
  public Runnable acceptPutStatement(
      CommandStatementUpdate command,
      CallContext context,
      FlightStream stream,
      StreamListener<PutResult> acknowledged) {
    return () ->
        update(context, acknowledged, session -> written(session, command.getQuery(), List.of()));
  }

  @Override
  public Runnable acceptPutStatementBulkIngest(
      CommandStatementIngest command,
      CallContext context,
      FlightStream stream,
      StreamListener<PutResult> acknowledged) {
    return () -> update(context, acknowledged, session -> Ingestion.run(command, stream, session));
  }

  private static long written(Session session, String text, List<Object> values) {
    try (Result result = session.execute(request(text, values))) {
      return result.writtenRows();
    }
  }

  private static Request request(String text, List<Object> values) {
    return new Request(text, values, Map.of(), Map.of(), Optional.empty(), "");
  }

  private void update(
      CallContext context, StreamListener<PutResult> acknowledged, Work<Long> work) {
    try {
      long count = with(context, work);
      byte[] answer = DoPutUpdateResult.newBuilder().setRecordCount(count).build().toByteArray();
      try (ArrowBuf buffer = memory.buffer(answer.length)) {
        buffer.writeBytes(answer);
        acknowledged.onNext(PutResult.metadata(buffer));
      }
      acknowledged.onCompleted();
    } catch (RuntimeException told) {
      acknowledged.onError(FlightErrors.of(told));
    }
  }

  // Prepared statements

  @Override
  public void createPreparedStatement(
      ActionCreatePreparedStatementRequest request,
      CallContext context,
      StreamListener<org.apache.arrow.flight.Result> listener) {
    try {
      String text = request.getQuery();
      ActionCreatePreparedStatementResult made =
          with(
              context,
              session -> {
                Schema schema = ResultRows.schema(session.describe(text));
                Schema parameters = ResultRows.schema(session.parameters(text));
                return ActionCreatePreparedStatementResult.newBuilder()
                    .setPreparedStatementHandle(prepared.add(context.peerIdentity(), text))
                    .setDatasetSchema(ByteString.copyFrom(schema.serializeAsMessage()))
                    .setParameterSchema(ByteString.copyFrom(parameters.serializeAsMessage()))
                    .build();
              });
      listener.onNext(new org.apache.arrow.flight.Result(Any.pack(made).toByteArray()));
      listener.onCompleted();
    } catch (RuntimeException told) {
      listener.onError(FlightErrors.of(told));
    }
  }

  @Override
  public void closePreparedStatement(
      ActionClosePreparedStatementRequest request,
      CallContext context,
      StreamListener<org.apache.arrow.flight.Result> listener) {
    prepared.close(request.getPreparedStatementHandle(), context.peerIdentity());
    listener.onCompleted();
  }

  private Prepared.Kept entry(ByteString handle, CallContext context) {
    return prepared
        .find(handle, context.peerIdentity())
        .orElseThrow(() ->
            new VarveException(
                ErrorCode.BAD_ARGUMENTS,
                "there is no prepared statement of this handle; prepare it again"));
  }

  @Override
  public FlightInfo getFlightInfoPreparedStatement(
      CommandPreparedStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    Schema schema = preparedSchema(command, context);
    return info(command, descriptor, schema);
  }

  @Override
  public SchemaResult getSchemaPreparedStatement(
      CommandPreparedStatementQuery command, CallContext context, FlightDescriptor descriptor) {
    return new SchemaResult(preparedSchema(command, context));
  }

  private Schema preparedSchema(CommandPreparedStatementQuery command, CallContext context) {
    return with(
        context,
        session -> {
          Prepared.Kept entry = entry(command.getPreparedStatementHandle(), context);
          return ResultRows.schema(session.describe(entry.sql()));
        });
  }

  @Override
  public void getStreamPreparedStatement(
      CommandPreparedStatementQuery command, CallContext context, ServerStreamListener listener) {
    send(
        command,
        context,
        listener,
        () -> {
          Prepared.Kept entry = entry(command.getPreparedStatementHandle(), context);
          if (entry.rows().size() > 1) {
            throw new VarveException(
                ErrorCode.BAD_ARGUMENTS,
                "a query takes one row of parameters, found " + entry.rows().size());
          }
          return request(entry.sql(), entry.rows().isEmpty() ? List.of() : entry.rows().getFirst());
        });
  }

  @Override
  public Runnable acceptPutPreparedStatementQuery(
      CommandPreparedStatementQuery command,
      CallContext context,
      FlightStream stream,
      StreamListener<PutResult> acknowledged) {
    return () -> {
      try {
        with(
            context,
            _ -> {
              Prepared.Kept entry = entry(command.getPreparedStatementHandle(), context);
              List<List<Object>> values = BoundRows.of(stream, memory);
              prepared.bind(command.getPreparedStatementHandle(), entry, values);
              return null;
            });
        acknowledged.onCompleted();
      } catch (RuntimeException told) {
        acknowledged.onError(FlightErrors.of(told));
      }
    };
  }

  @Override
  public Runnable acceptPutPreparedStatementUpdate(
      CommandPreparedStatementUpdate command,
      CallContext context,
      FlightStream stream,
      StreamListener<PutResult> acknowledged) {
    return () ->
        update(
            context,
            acknowledged,
            session -> {
              Prepared.Kept entry = entry(command.getPreparedStatementHandle(), context);
              boolean bound = !stream.getSchema().getFields().isEmpty();
              List<List<Object>> values =
                  bound ? BoundRows.of(stream, memory) : List.of(List.<Object>of());
              long count = 0;
              for (List<Object> row : values) {
                count += written(session, entry.sql(), row);
              }
              return count;
            });
  }
}
