// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.cluster;

import dev.varve.cluster.replica.ReplicatedCatalog;
import dev.varve.jdbc.wire.ArrowDecoder;
import dev.varve.jdbc.wire.ColumnBatch;
import dev.varve.jdbc.wire.ColumnHeader;
import dev.varve.jdbc.wire.Ending;
import dev.varve.jdbc.wire.Failure;
import dev.varve.jdbc.wire.Frame;
import dev.varve.jdbc.wire.FrameKind;
import dev.varve.jdbc.wire.FrameReader;
import dev.varve.jdbc.wire.Parameters;
import dev.varve.jdbc.wire.Progress;
import dev.varve.sql.session.Primary;
import dev.varve.sql.session.Request;
import dev.varve.sql.session.Result;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// One statement on its way to the primary and back, in the driver's frames.
///
/// @param address `host:port` of the primary's HTTP
record PrimaryCall(
    HttpClient client, ReplicatedCatalog catalog, String address, Primary.Order order) {
  /// What came back.
  ///
  /// @param change number of the shared catalog's last change behind the statement
  record Answer(Primary.Done done, long change) {}

  /// The statement has not begun there, and may be sent again.
  static final class NotTakenException extends Exception {
    private static final long serialVersionUID = 1L;

    NotTakenException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// Whether the server that was called still is the primary, as far as known.
  boolean isAtPrimary() {
    try {
      return catalog.primary().filter(address::equals).isPresent();
    } catch (VarveException nobodyToAsk) {
      return false;
    }
  }

  Answer run(Primary.Waiting waiting) throws NotTakenException {
    try {
      HttpResponse<InputStream> response = client.send(request(), BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() != ReplicaDoor.OK) {
          String text = new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
          throw new NotTakenException(address + ": " + text, null);
        }
        return answer(new FrameReader(body), waiting);
      }
    } catch (ConnectException | HttpConnectTimeoutException away) {
      throw new NotTakenException("the primary at " + address + " cannot be reached", away);
    } catch (IOException broken) {
      for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
        if (cause instanceof VarveException malformed) {
          throw malformed; // the rows are
        }
      }
      throw unknown(String.valueOf(broken.getMessage()), broken);
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
      throw new VarveException(ErrorCode.QUERY_WAS_CANCELLED, "the statement was cancelled", asked);
    }
  }

  static VarveException unknown(String why, Throwable cause) {
    return new VarveException(
        ErrorCode.UNKNOWN_STATUS_OF_INSERT,
        "the primary was lost while it ran the statement ("
            + why
            + "), so it may have been done or not; repeat an INSERT with the same"
            + " insert_deduplication_token, which writes it once",
        cause);
  }

  private HttpRequest request() {
    Request asked = order.request();
    byte[] head =
        concat(
            Frame.encode(FrameKind.QUERY, asked.sql().getBytes(StandardCharsets.UTF_8)),
            Frame.encode(FrameKind.PARAMETERS, Parameters.encode(asked.positional())));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(catalog.settings().at(address, path(asked)))
            .header(ReplicaDoor.PASS, catalog.settings().pass());
    if (asked.data().isEmpty()) {
      return request.POST(BodyPublishers.ofByteArray(head)).build();
    }
    InputStream rows = new RowsFrames(asked.data().get());
    // Who is no primary says so before a row is sent, so that the rows are there for the next.
    return request
        .expectContinue(true)
        .POST(
            BodyPublishers.ofInputStream(
                () -> new SequenceInputStream(new ByteArrayInputStream(head), rows)))
        .build();
  }

  private static byte[] concat(byte[] first, byte[] second) {
    ByteArrayOutputStream both = new ByteArrayOutputStream(first.length + second.length);
    both.writeBytes(first);
    both.writeBytes(second);
    return both.toByteArray();
  }

  private String path(Request asked) {
    List<String> parameters = new ArrayList<>();
    add(parameters, "user", order.user());
    add(parameters, "database", order.database());
    add(parameters, "query_id", asked.queryId());
    prefixed(parameters, ReplicaDoor.SETTING, asked.settings());
    prefixed(parameters, ReplicaDoor.NAMED, asked.named());
    return ReplicaDoor.PATH + "execute?" + String.join("&", parameters);
  }

  private static void prefixed(List<String> to, String prefix, Map<String, String> values) {
    values.forEach((name, value) -> add(to, prefix + name, value));
  }

  private static void add(List<String> to, String name, String value) {
    to.add(
        URLEncoder.encode(name, StandardCharsets.UTF_8)
            + "="
            + URLEncoder.encode(value, StandardCharsets.UTF_8));
  }

  private static Answer answer(FrameReader frames, Primary.Waiting waiting) throws IOException {
    ArrowDecoder decoder = new ArrowDecoder();
    List<List<String>> rows = new ArrayList<>();
    for (Frame frame = frames.next(); frame != null; frame = frames.next()) {
      switch (frame.kind()) {
        case DATA -> add(decoder.read(frame.payload()), rows);
        case PROGRESS -> waiting.told(progress(Progress.decode(frame.payload())));
        case ERROR -> throw error(Failure.decode(frame.payload()));
        case END -> {
          Ending end = Ending.decode(frame.payload());
          List<String> columns =
              decoder.headers() == null
                  ? List.of()
                  : decoder.headers().stream().map(ColumnHeader::name).toList();
          return new Answer(
              new Primary.Done(end.writtenRows(), progress(end.progress()), columns, rows),
              end.change());
        }
        default -> throw new IOException("a frame of kind " + frame.kind() + " is no answer");
      }
    }
    throw new IOException("the answer ended too early");
  }

  private static void add(ColumnBatch batch, List<List<String>> rows) {
    for (int i = 0; batch != null && i < batch.rows(); i++) {
      int row = i;
      rows.add(batch.columns().stream().map(column -> String.valueOf(column.get(row))).toList());
    }
  }

  private static Result.Progress progress(Progress there) {
    return new Result.Progress(
        there.readRows(), there.readBytes(), there.totalRows(), there.elapsedNanos());
  }

  private static VarveException error(Failure failure) {
    ErrorCode code =
        Stream.of(ErrorCode.values())
            .filter(known -> known.number() == failure.code())
            .findFirst()
            .orElse(ErrorCode.LOGICAL_ERROR);
    return new VarveException(code, failure.message());
  }

  /// Rows of an INSERT as frames, made while they are taken.
  private static final class RowsFrames extends InputStream {
    private static final int PIECE_BYTES = 64 * 1024;

    private final InputStream rows;
    private final byte[] frame = new byte[Frame.HEADER_BYTES + PIECE_BYTES];
    private int at;
    private int end;

    RowsFrames(InputStream rows) {
      this.rows = rows;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      if (at == end && !fill()) {
        return -1;
      }
      int count = Math.min(length, end - at);
      System.arraycopy(frame, at, target, from, count);
      at += count;
      return count;
    }

    private boolean fill() throws IOException {
      int count = rows.read(frame, Frame.HEADER_BYTES, PIECE_BYTES);
      if (count <= 0) {
        return false;
      }
      Frame.putHeader(frame, FrameKind.ROWS, count);
      at = 0;
      end = Frame.HEADER_BYTES + count;
      return true;
    }
  }
}
