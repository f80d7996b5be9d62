// SPDX-License-Identifier: Apache-2.0
package dev.varve.flight;

import dev.varve.sql.session.Request;
import dev.varve.sql.session.Result;
import dev.varve.sql.session.ResultColumn;
import dev.varve.sql.session.Session;
import dev.varve.storage.format.arrow.ArrowBatches;
import dev.varve.storage.format.arrow.ArrowSchemas;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.List;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;

/// Rows of statements as a stream of Flight, batch by batch as the caller takes them.
final class ResultRows {
  private final BufferAllocator memory;

  ResultRows(BufferAllocator memory) {
    this.memory = memory;
  }

  /// The Arrow schema of a result; empty for a statement that gives no rows.
  static Schema schema(List<ResultColumn> columns) {
    byte[] message =
        ArrowSchemas.message(
            columns.stream().map(ResultColumn::name).toList(),
            columns.stream().map(ResultColumn::type).toList(),
            ArrowSchemas.Dialect.STANDARD);
    return MessageSerializer.deserializeSchema(Message.getRootAsMessage(ByteBuffer.wrap(message)));
  }

  /// Runs a statement and sends all its rows.
  void send(Session session, Request request, Caller caller) throws IOException {
    try (Result result = session.execute(request);
        VectorSchemaRoot root = VectorSchemaRoot.create(schema(result.columns()), memory)) {
      caller.requireHere();
      caller.listener().start(root);
      if (!result.columns().isEmpty()) {
        send(result, root, caller);
      }
      caller.listener().completed();
    }
  }

  private void send(Result result, VectorSchemaRoot root, Caller caller) throws IOException {
    List<DataType> types = result.columns().stream().map(ResultColumn::type).toList();
    VectorLoader loader = new VectorLoader(root);
    try (BatchSource rows = result.batches();
        Scratch scratch = new Scratch(memory)) {
      ArrowBatches messages = new ArrowBatches(scratch, ArrowSchemas.Dialect.STANDARD);
      for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
        int length = messages.batch(batch, types);
        try (ArrowRecordBatch record = record(messages.array(), length)) {
          loader.load(record);
        }
        caller.awaitReady();
        caller.listener().putNext();
      }
    }
  }

  private ArrowRecordBatch record(byte[] message, int length) throws IOException {
    ReadChannel channel =
        new ReadChannel(Channels.newChannel(new ByteArrayInputStream(message, 0, length)));
    return (ArrowRecordBatch) MessageSerializer.deserializeMessageBatch(channel, memory);
  }
}
