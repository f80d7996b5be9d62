// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.frames;

import dev.varve.jdbc.wire.Call;
import dev.varve.jdbc.wire.Ending;
import dev.varve.jdbc.wire.Frame;
import dev.varve.jdbc.wire.FrameKind;
import dev.varve.jdbc.wire.FrameSource;
import dev.varve.jdbc.wire.Progress;
import dev.varve.sql.session.Request;
import dev.varve.sql.session.ResultColumn;
import dev.varve.sql.session.Session;
import dev.varve.storage.format.arrow.ArrowBatches;
import dev.varve.storage.format.arrow.ArrowSchemas;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;

/// Runs calls of the driver and gives their frames. Safe for threads; a session is not.
///
/// An HTTP handler does, with the session of the client:
///
/// ```java
/// Call call = FrameRequests.read(body, queryId, database, settings);
/// encoder.answer(session, call, out, false);
/// ```
public final class FrameEncoder {
  private final BufferAllocator allocator;

  /// @param allocator memory to make columns flat before they leave
  public FrameEncoder(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  /// Runs a call. Whatever is wrong with the statement comes as an error frame, not as an
  /// exception.
  public FrameSource run(Session session, Call call) {
    try {
      if (!call.database().isEmpty() && !call.database().equals(session.database())) {
        session.useDatabase(call.database());
      }
      return call.describe() ? describe(session, call.sql()) : execute(session, call);
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      return new FixedFrames().add(FrameKind.ERROR, Failures.of(e, call.sql()).encode());
    }
  }

  private FrameSource execute(Session session, Call call) {
    Request request =
        new Request(
            call.sql(),
            values(call.parameters()),
            Map.of(),
            call.settings(),
            Optional.ofNullable(call.rows()),
            call.queryId());
    return frames(session, request);
  }

  private FrameSource frames(Session session, Request request) {
    return new ResultFrames(session.execute(request), session, allocator);
  }

  private static FrameSource describe(Session session, String sql) {
    List<ResultColumn> columns = session.describe(sql);
    List<String> parameters =
        session.parameters(sql).stream().map(column -> column.type().name()).toList();
    FixedFrames frames = new FixedFrames();
    if (!columns.isEmpty()) {
      ArrowBatches messages = new ArrowBatches(null, ArrowSchemas.Dialect.OWN);
      int length = messages.schema(schema(columns));
      frames.add(FrameKind.DATA, Arrays.copyOf(messages.array(), length));
    }
    Ending ending =
        new Ending(
            0,
            Progress.NONE,
            parameters.size(),
            session.database(),
            engineVersion(),
            parameters,
            session.change());
    return frames.add(FrameKind.END, ending.encode());
  }

  /// The metadata of the schema message of these columns.
  static byte[] schema(List<ResultColumn> columns) {
    return ArrowSchemas.message(
        columns.stream().map(ResultColumn::name).toList(),
        columns.stream().map(ResultColumn::type).toList(),
        ArrowSchemas.Dialect.OWN);
  }

  /// The version that the jar says; a build that is not a jar has none.
  static String engineVersion() {
    String version = FrameEncoder.class.getPackage().getImplementationVersion();
    return version == null ? "0.0-dev" : version;
  }

  /// The parameters as the objects that the engine's vectors take. An instant becomes the date and
  /// time that UTC's clock shows, which is what a DateTime64 without a zone holds.
  private static List<Object> values(List<Object> parameters) {
    List<Object> values = new ArrayList<>(parameters.size());
    for (Object parameter : parameters) {
      values.add(
          switch (parameter) {
            case Instant instant -> LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
            case LocalTime time -> time.toString();
            case List<?> list -> values(new ArrayList<>(list));
            case null, default -> parameter;
          });
    }
    return values;
  }

  /// Runs a call and sends its frames, each as soon as it is there. While there is none, it tells
  /// how far the statement has come; a client that is gone by then has its statement cancelled.
  ///
  /// @param packs whether the client takes packed frames
  public void answer(Session session, Call call, OutputStream out, boolean packs)
      throws IOException {
    FrameOutput output = new FrameOutput(out, packs);
    // Rows that are still to come keep the client from reading, so that it is told nothing then.
    boolean tells = call.rows() == null && !call.describe();
    send(session, tells, output, () -> run(session, call));
  }

  /// Runs a statement that another server passed on. Its errors come without the mark under their
  /// place, which that server makes for its client.
  ///
  /// @param sessions opens a session, which is closed here
  public void answer(Supplier<Session> sessions, Request request, OutputStream out)
      throws IOException {
    FrameOutput output = new FrameOutput(out, false);
    try (Session session = sessions.get()) {
      send(session, request.data().isEmpty(), output, () -> frames(session, request));
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      output.write(new FixedFrames().add(FrameKind.ERROR, Failures.of(e).encode()).next());
    }
  }

  private static void send(
      Session session, boolean tells, FrameOutput output, Supplier<FrameSource> running)
      throws IOException {
    try (ProgressBeat beat = tells ? ProgressBeat.start(session, output) : ProgressBeat.NONE;
        FrameSource frames = running.get()) {
      for (Frame frame = frames.next(); frame != null; frame = frames.next()) {
        output.write(frame);
      }
      beat.close();
    }
  }
}
