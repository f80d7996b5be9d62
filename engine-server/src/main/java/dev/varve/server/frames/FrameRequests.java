// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.frames;

import dev.varve.jdbc.wire.Call;
import dev.varve.jdbc.wire.Frame;
import dev.varve.jdbc.wire.FrameKind;
import dev.varve.jdbc.wire.FrameReader;
import dev.varve.jdbc.wire.Parameters;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Reads the body of a request: a `QUERY` or `DESCRIBE` frame, a `PARAMETERS` frame (with a count
/// of 0 where there are none), then `ROWS` frames to the end.
public final class FrameRequests {
  private FrameRequests() {}

  /// @param queryId the client's name of the query, or empty
  /// @param database the database for names without one, or empty
  /// @throws VarveException CANNOT_PARSE_INPUT for a body that is not made of these frames
  public static Call read(
      InputStream body, String queryId, String database, Map<String, String> settings)
      throws IOException {
    FrameReader frames = new FrameReader(body);
    Frame first = next(frames);
    if (first == null || (first.kind() != FrameKind.QUERY && first.kind() != FrameKind.DESCRIBE)) {
      throw malformed("a request begins with a QUERY or DESCRIBE frame");
    }
    boolean describe = first.kind() == FrameKind.DESCRIBE;
    String sql = StandardCharsets.UTF_8.decode(first.payload()).toString();
    Frame second = next(frames);
    if (second == null || second.kind() != FrameKind.PARAMETERS) {
      throw malformed("the second frame of a request holds its parameters");
    }
    List<Object> parameters = parameters(second);
    Frame third = next(frames);
    InputStream rows = third == null ? null : new RowsStream(frames, third);
    return new Call(describe, sql, parameters, rows, queryId, database, settings);
  }

  private static Frame next(FrameReader frames) throws IOException {
    try {
      return frames.next();
    } catch (ProtocolException | EOFException e) {
      throw malformed(e.getMessage());
    }
  }

  private static List<Object> parameters(Frame frame) {
    try {
      return Parameters.decode(frame.payload());
    } catch (IOException e) {
      throw malformed(e.getMessage());
    }
  }

  private static VarveException malformed(String what) {
    return new VarveException(
        ErrorCode.CANNOT_PARSE_INPUT,
        "the request is malformed: " + what + "; is the driver of another version?");
  }

  /// The payloads of `ROWS` frames as one stream.
  private static final class RowsStream extends InputStream {
    private final FrameReader frames;
    private ByteBuffer current;

    RowsStream(FrameReader frames, Frame first) {
      this.frames = frames;
      this.current = rows(first);
    }

    private static ByteBuffer rows(Frame frame) {
      if (frame.kind() != FrameKind.ROWS) {
        throw malformed("only ROWS frames may follow the parameters, found " + frame.kind());
      }
      return frame.payload();
    }

    private boolean advance() throws IOException {
      while (current != null && !current.hasRemaining()) {
        Frame next = FrameRequests.next(frames);
        current = next == null ? null : rows(next);
      }
      return current != null;
    }

    @Override
    public int read() throws IOException {
      return advance() ? current.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!advance()) {
        return -1;
      }
      int count = Math.min(length, current.remaining());
      current.get(target, from, count);
      return count;
    }
  }
}
