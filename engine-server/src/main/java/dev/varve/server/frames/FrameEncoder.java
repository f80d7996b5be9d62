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
import org.apache.arrow.memory.BufferAllocator;

/// Runs calls of the driver and gives their frames. Safe for threads; a session is not.
///
/// An HTTP handler does, with the session of the client:
///
/// ```java
/// Call call = FrameRequests.read(body, queryId, database, settings);
/// try (FrameSource frames = encoder.run(session, call)) {
///   encoder.write(frames, out);
/// }
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
      return new FixedFrames().add(FrameKind.ERROR, Failures.of(e).encode());
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
    return new ResultFrames(session.execute(request), -1, session::database, allocator);
  }

  private static FrameSource describe(Session session, String sql) {
    List<ResultColumn> columns = session.describe(sql);
    int parameters = session.parameterCount(sql);
    FixedFrames frames = new FixedFrames();
    if (!columns.isEmpty()) {
      ArrowBatches messages = new ArrowBatches(null);
      int length = messages.schema(ArrowSchemas.message(columns));
      frames.add(FrameKind.DATA, Arrays.copyOf(messages.array(), length));
    }
    Ending ending = new Ending(0, Progress.NONE, parameters, session.database(), engineVersion());
    return frames.add(FrameKind.END, ending.encode());
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

  /// Sends all frames and flushes after each, so that a client sees rows as soon as they are there.
  public void write(FrameSource frames, OutputStream out) throws IOException {
    byte[] header = new byte[Frame.HEADER_BYTES];
    for (Frame frame = frames.next(); frame != null; frame = frames.next()) {
      int length = frame.payload().remaining();
      Frame.putHeader(header, frame.kind(), length);
      out.write(header);
      out.write(frame.payload().array(), frame.payload().position(), length);
      out.flush();
    }
  }
}
