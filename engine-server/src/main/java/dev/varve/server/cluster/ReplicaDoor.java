// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.cluster;

import dev.varve.cluster.replica.Replica;
import dev.varve.sql.session.SqlEngine;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.memory.BufferAllocator;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/// What the other servers of a cluster ask one for, below `/replica/`. Whoever does not show the
/// cluster's pass is refused.
///
/// | path                              | answer                                              |
/// |-----------------------------------|-----------------------------------------------------|
/// | POST `/replica/offer?from=ID`     | `1` if the change in the body is held here now      |
/// | GET `/replica/state`              | the catalog as one change                           |
/// | GET `/replica/position`           | number of the last change applied                   |
/// | GET `/replica/list?name=N`        | files of a part: name, bytes, checksum              |
/// | GET `/replica/file?name=N&from=O` | bytes of a file from an offset on                   |
/// | POST `/replica/execute?user=U…`   | runs a statement of a user, see [PassedOn]          |
/// | POST `/replica/log`               | answers a request of Kafka's protocol               |
public final class ReplicaDoor extends Handler.Abstract {
  static final String PATH = "/replica/";

  static final String LOG = "log";

  /// What lets a server in.
  static final String PASS = "X-Varve-Pass";

  /// Begins the names of parameters that are settings.
  static final String SETTING = "setting_";

  /// Begins the names of values of `{name:Type}`.
  static final String NAMED = "param_";

  static final int OK = 200;

  private static final int CHUNK_BYTES = 1 << 16;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int FAILED = 500;

  private final Replica replica;
  private final PassedOn passedOn;
  private final LogAnswers log;

  /// Answers a server that copies the log.
  public interface LogAnswers {
    byte[] answer(byte[] request) throws IOException, InterruptedException;
  }

  /// @param sql what runs statements that other servers pass on
  public ReplicaDoor(Replica replica, SqlEngine sql, BufferAllocator allocator, LogAnswers log) {
    this.replica = replica;
    this.log = log;
    this.passedOn = new PassedOn(replica.catalog(), sql, allocator);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    try {
      String pass = request.getHeaders().get(PASS);
      if (pass == null || !replica.catalog().lets(pass)) {
        end(response, FORBIDDEN, "This is for servers of the cluster.\n", callback);
        return true;
      }
      Fields parameters = Request.extractQueryParameters(request);
      switch (Request.getPathInContext(request).substring(PATH.length())) {
        case "offer" -> {
          int from = Integer.parseInt(parameters.getValue("from"));
          boolean holds = replica.catalog().offered(from, body(request));
          end(response, OK, holds ? "1" : "0", callback);
        }
        case "state" -> {
          try (OutputStream out = Content.Sink.asOutputStream(response)) {
            out.write(replica.catalog().sharedState());
          }
          callback.succeeded();
        }
        case "position" -> end(response, OK, replica.catalog().position(), callback);
        case "list" -> end(response, OK, replica.files().list(name(parameters)), callback);
        case "file" -> {
          send(name(parameters), Long.parseLong(parameters.getValue("from")), response);
          callback.succeeded();
        }
        case LOG -> {
          byte[] answer = log.answer(body(request));
          try (OutputStream out = Content.Sink.asOutputStream(response)) {
            out.write(answer);
          }
          callback.succeeded();
        }
        case "execute" -> passedOn.run(request, parameters, response, callback);
        default -> end(response, NOT_FOUND, "There is no such thing here.\n", callback);
      }
    } catch (VarveException refused) {
      int status = refused.code() == ErrorCode.FILE_DOESNT_EXIST ? NOT_FOUND : FAILED;
      end(response, status, refused.getMessage(), callback);
    } catch (IOException | RuntimeException failed) {
      callback.failed(failed);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      callback.failed(stopping);
    }
    return true;
  }

  private static String name(Fields parameters) {
    return String.valueOf(parameters.getValue("name"));
  }

  private static byte[] body(Request request) throws IOException {
    try (InputStream in = Content.Source.asInputStream(request)) {
      return in.readAllBytes();
    }
  }

  private void send(String name, long from, Response response) throws IOException {
    try (FileChannel file = FileChannel.open(replica.files().file(name), StandardOpenOption.READ);
        InputStream in = Channels.newInputStream(file.position(from));
        OutputStream out = Content.Sink.asOutputStream(response)) {
      byte[] chunk = new byte[CHUNK_BYTES];
      int count = in.read(chunk);
      while (count >= 0) {
        out.write(chunk, 0, count);
        count = in.read(chunk);
      }
    }
  }

  static void end(Response response, int status, String text, Callback callback) {
    response.setStatus(status);
    response.write(true, java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
  }
}
