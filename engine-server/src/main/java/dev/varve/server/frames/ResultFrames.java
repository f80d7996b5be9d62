// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.frames;

import dev.varve.jdbc.wire.Ending;
import dev.varve.jdbc.wire.Frame;
import dev.varve.jdbc.wire.FrameKind;
import dev.varve.jdbc.wire.FrameSource;
import dev.varve.jdbc.wire.Progress;
import dev.varve.sql.session.Result;
import dev.varve.sql.session.ResultColumn;
import dev.varve.sql.session.Session;
import dev.varve.storage.format.arrow.ArrowBatches;
import dev.varve.storage.format.arrow.ArrowSchemas;
import dev.varve.storage.type.DataType;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import dev.varve.storage.vector.Scratch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// A running statement as frames: schema, batches, and an end or an error. An error after rows is a
/// frame like any other, so that a client never takes half an answer for a whole one.
///
/// Owns the result and the memory to flatten its columns. One thread takes frames; [#progress()]
/// may be asked by another.
final class ResultFrames implements FrameSource {
  private static final int NOT_COUNTED = -1;

  private final Result result;
  private final Session session;
  private final Scratch scratch;
  private final ArrowBatches batches;
  private final List<DataType> types;
  private BatchSource rows;
  private boolean schemaSent;
  private boolean done;
  private boolean closed;

  /// @param session asked at the end for what it has become
  ResultFrames(Result result, Session session, BufferAllocator allocator) {
    this.result = result;
    this.session = session;
    this.scratch = new Scratch(allocator);
    this.batches = new ArrowBatches(scratch, ArrowSchemas.Dialect.OWN);
    this.types = result.columns().stream().map(ResultColumn::type).toList();
  }

  @Override
  public Frame next() {
    if (done) {
      return null;
    }
    try {
      return advance();
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      done = true;
      return frame(FrameKind.ERROR, Failures.of(e).encode());
    }
  }

  private Frame advance() {
    if (!schemaSent) {
      schemaSent = true;
      if (!types.isEmpty()) {
        return data(batches.schema(FrameEncoder.schema(result.columns())));
      }
    }
    if (rows == null) {
      rows = result.batches();
    }
    Batch batch = rows.next();
    if (batch != null) {
      return data(batches.batch(batch, types));
    }
    done = true;
    Ending ending =
        new Ending(
            result.writtenRows(),
            progress(),
            NOT_COUNTED,
            session.database(),
            FrameEncoder.engineVersion(),
            List.of(),
            session.change());
    return frame(FrameKind.END, ending.encode());
  }

  Progress progress() {
    Result.Progress p = result.progress();
    return new Progress(p.readRows(), p.readBytes(), p.totalRows(), p.elapsedNanos());
  }

  private Frame data(int length) {
    ByteBuffer payload = ByteBuffer.wrap(batches.array(), 0, length);
    return new Frame(FrameKind.DATA, payload.order(ByteOrder.LITTLE_ENDIAN));
  }

  private static Frame frame(FrameKind kind, byte[] payload) {
    return new Frame(kind, ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN));
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (scratch;
        result) {
      if (rows != null) {
        rows.close();
      }
    }
  }
}
