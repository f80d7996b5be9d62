// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.http;

import dev.varve.jdbc.wire.Call;
import dev.varve.jdbc.wire.Ending;
import dev.varve.jdbc.wire.Failure;
import dev.varve.jdbc.wire.Frame;
import dev.varve.jdbc.wire.FrameKind;
import dev.varve.jdbc.wire.FrameReader;
import dev.varve.jdbc.wire.FrameSource;
import dev.varve.jdbc.wire.Lz4Block;
import dev.varve.jdbc.wire.Parameters;
import dev.varve.jdbc.wire.Transport;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.URLEncoder;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/// A remote engine. Statements of one JDBC connection share a session on the server; a statement
/// that is sent while an earlier answer is still being read gets a connection of its own and runs
/// outside the session, because a session runs one statement at a time.
///
/// No request that writes is ever sent twice: who cannot know whether an INSERT was run must not
/// repeat it. One that only reads is sent once more, to the next server of the list that takes it,
/// where the connection ends before an answer begins, as when a server is stopped.
///
/// Each statement names the last change that an earlier one saw, so that another server of a
/// cluster waits until it has that.
public final class HttpTransport implements Transport {
  private static final int PIECE_BYTES = 64 * 1024;
  private static final int EARLY_MILLIS = 2_000;
  private static final Pattern READS =
      Pattern.compile(
          "\\A\\s*(SELECT|SHOW|DESCRIBE|DESC|EXISTS)\\b(?!.*\\bOUTFILE\\b)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final HttpTarget target;
  private final String sessionId = UUID.randomUUID().toString();
  private final Deque<HttpSocket> idle = new ArrayDeque<>();
  private final Set<HttpSocket> busy = new HashSet<>();
  private HttpSocket inSession;
  private boolean closed;
  private volatile int networkMillis;
  private volatile long change;

  public HttpTransport(HttpTarget target) {
    this.target = target;
  }

  @Override
  public FrameSource send(Call call) throws SQLException {
    return send(call, isRepeatable(call));
  }

  private static boolean isRepeatable(Call call) {
    return call.describe() || (call.rows() == null && READS.matcher(call.sql()).find());
  }

  private FrameSource send(Call call, boolean repeats) throws SQLException {
    HttpSocket socket = take();
    boolean session = enterSession(socket);
    try {
      socket.timeout(networkMillis);
      HttpAnswer answer = ask(socket, call, session);
      if (answer.header("content-type").startsWith(Frame.MEDIA_TYPE)) {
        return new HttpFrames(socket, answer);
      }
      SQLException refused = Refusals.of(answer);
      release(socket, answer);
      throw refused;
    } catch (IOException e) {
      discard(socket);
      if (repeats && (e instanceof SocketException || e instanceof EOFException)) {
        return send(call, false);
      }
      throw broken(e);
    }
  }

  /// A server may refuse a statement before it has read its rows, and close the connection: what it
  /// said is there all the same.
  private static HttpAnswer earlyAnswer(HttpSocket socket, SocketException broken)
      throws IOException {
    try {
      socket.timeout(EARLY_MILLIS);
      return HttpAnswer.read(socket);
    } catch (IOException nothing) {
      broken.addSuppressed(nothing);
      throw broken;
    }
  }

  private HttpAnswer ask(HttpSocket socket, Call call, boolean session) throws IOException {
    try {
      write(socket, call, session);
    } catch (SocketException broken) {
      return earlyAnswer(socket, broken);
    }
    return HttpAnswer.read(socket);
  }

  private void write(HttpSocket socket, Call call, boolean session) throws IOException {
    FrameKind kind = call.describe() ? FrameKind.DESCRIBE : FrameKind.QUERY;
    byte[] query = Frame.encode(kind, call.sql().getBytes(StandardCharsets.UTF_8));
    byte[] values = Frame.encode(FrameKind.PARAMETERS, Parameters.encode(call.parameters()));
    StringBuilder head = new StringBuilder(400);
    head.append("POST ").append(path(call, session)).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(target.hosts().get(0)).append("\r\n");
    head.append("Accept: ")
        .append(target.packs() ? Frame.PACKED_MEDIA_TYPE : Frame.MEDIA_TYPE)
        .append("\r\n");
    head.append("Content-Type: ").append(Frame.MEDIA_TYPE).append("\r\n");
    head.append("User-Agent: varve-jdbc\r\n");
    if (!target.user().isEmpty()) {
      String pair = target.user() + ":" + target.password();
      byte[] bytes = pair.getBytes(StandardCharsets.UTF_8);
      head.append("Authorization: Basic ");
      head.append(Base64.getEncoder().encodeToString(bytes)).append("\r\n");
    }
    OutputStream out = socket.out();
    if (call.rows() == null) {
      int length = query.length + values.length;
      head.append("Content-Length: ").append(length).append("\r\n\r\n");
      byte[] start = head.toString().getBytes(StandardCharsets.US_ASCII);
      byte[] all = new byte[start.length + length];
      System.arraycopy(start, 0, all, 0, start.length);
      System.arraycopy(query, 0, all, start.length, query.length);
      System.arraycopy(values, 0, all, start.length + query.length, values.length);
      out.write(all);
    } else {
      head.append("Transfer-Encoding: chunked\r\n\r\n");
      out.write(head.toString().getBytes(StandardCharsets.US_ASCII));
      writeChunk(out, query, query.length);
      writeChunk(out, values, values.length);
      writeRows(out, call.rows());
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    out.flush();
  }

  private static void writeRows(OutputStream out, InputStream rows) throws IOException {
    byte[] piece = new byte[Frame.HEADER_BYTES + PIECE_BYTES];
    while (true) {
      int count = rows.readNBytes(piece, Frame.HEADER_BYTES, PIECE_BYTES);
      if (count == 0) {
        return;
      }
      Frame.putHeader(piece, FrameKind.ROWS, count);
      writeChunk(out, piece, Frame.HEADER_BYTES + count);
    }
  }

  private static void writeChunk(OutputStream out, byte[] bytes, int length) throws IOException {
    out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.write(bytes, 0, length);
    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  private String path(Call call, boolean session) {
    StringBuilder path = new StringBuilder("/?query_id=").append(encode(call.queryId()));
    if (session) {
      path.append("&session_id=").append(sessionId);
    }
    if (!call.database().isEmpty()) {
      path.append("&database=").append(encode(call.database()));
    }
    if (change > 0) {
      path.append("&after_change=").append(change);
    }
    appendAll(path, target.settings());
    appendAll(path, call.settings());
    return path.toString();
  }

  private static void appendAll(StringBuilder path, Map<String, String> settings) {
    settings.forEach(
        (name, value) -> path.append('&').append(encode(name)).append('=').append(encode(value)));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private HttpSocket take() throws SQLException {
    HttpSocket socket;
    synchronized (this) {
      requireOpen();
      socket = idle.poll();
    }
    while (socket != null && !socket.isUsable()) {
      socket.close();
      synchronized (this) {
        socket = idle.poll();
      }
    }
    HttpSocket ready = socket == null ? connect() : socket;
    synchronized (this) {
      if (closed) {
        ready.close();
      }
      requireOpen();
      busy.add(ready);
    }
    return ready;
  }

  private void requireOpen() throws SQLException {
    if (closed) {
      throw new SQLNonTransientConnectionException("the connection is closed", "08003");
    }
  }

  private HttpSocket connect() throws SQLException {
    SQLException all = null;
    for (String hostPort : target.hosts()) {
      int colon = hostPort.lastIndexOf(':');
      String host = hostPort.substring(0, colon).replace("[", "").replace("]", "");
      int port = Integer.parseInt(hostPort.substring(colon + 1));
      try {
        return HttpSocket.connect(host, port, target.tls(), target.connectMillis());
      } catch (IOException e) {
        SQLException one =
            new SQLNonTransientConnectionException(
                "no connection to "
                    + hostPort
                    + (target.tls() != null ? " with TLS" : "")
                    + ": "
                    + e.getMessage()
                    + "; is a Varve server running there, and is this its HTTP port?",
                "08001",
                e);
        if (all == null) {
          all = one;
        } else {
          all.setNextException(one);
        }
      }
    }
    throw all == null ? new SQLException("no host in the URL", "08001") : all;
  }

  private synchronized void seen(long last) {
    change = Math.max(change, last);
  }

  private synchronized boolean enterSession(HttpSocket socket) {
    if (inSession == null) {
      inSession = socket;
      return true;
    }
    return false;
  }

  private synchronized void release(HttpSocket socket, HttpAnswer answer) {
    leave(socket);
    if (answer.reusable() && answer.body().isDone() && !closed) {
      idle.push(socket);
    } else {
      socket.close();
    }
  }

  private synchronized void discard(HttpSocket socket) {
    leave(socket);
    socket.close();
  }

  private void leave(HttpSocket socket) {
    busy.remove(socket);
    if (inSession == socket) {
      inSession = null;
    }
  }

  private static SQLException broken(IOException e) {
    return new SQLNonTransientConnectionException(
        "the connection to the server broke: "
            + e.getMessage()
            + "; whether the statement was run is not known",
        "08006",
        e);
  }

  @Override
  public void cancel(String queryId) throws SQLException {
    String sql = "KILL QUERY WHERE query_id = '" + queryId.replace("'", "''") + "'";
    Call kill = new Call(false, sql, List.of(), null, UUID.randomUUID().toString(), "", Map.of());
    try (FrameSource frames = send(kill)) {
      for (Frame frame = frames.next(); frame != null; frame = frames.next()) {
        if (frame.kind() == FrameKind.ERROR) {
          throw Failure.decode(frame.payload()).toException();
        }
      }
    } catch (IOException e) {
      throw broken(e);
    }
  }

  @Override
  public void networkTimeout(int millis) {
    networkMillis = millis;
  }

  @Override
  public synchronized void close() {
    closed = true;
    idle.forEach(HttpSocket::close);
    idle.clear();
    busy.forEach(HttpSocket::close);
  }

  /// The frames of one answer; gives the socket back when they were all taken.
  private final class HttpFrames implements FrameSource {
    private final HttpSocket socket;
    private final HttpAnswer answer;
    private final FrameReader reader;
    private final Lz4Block packed = new Lz4Block();
    private boolean over;

    HttpFrames(HttpSocket socket, HttpAnswer answer) {
      this.socket = socket;
      this.answer = answer;
      this.reader = new FrameReader(answer.body());
    }

    @Override
    public Frame next() throws IOException {
      Frame frame = reader.next();
      if (frame == null) {
        close();
      } else if (frame.kind() == FrameKind.END) {
        seen(Ending.decode(frame.payload().duplicate().order(ByteOrder.LITTLE_ENDIAN)).change());
      }
      return frame != null && frame.kind() == FrameKind.PACKED
          ? new Frame(FrameKind.DATA, packed.unpack(frame.payload()))
          : frame;
    }

    @Override
    public void close() {
      synchronized (HttpTransport.this) {
        if (!over) {
          over = true;
          release(socket, answer);
        }
      }
    }
  }
}
