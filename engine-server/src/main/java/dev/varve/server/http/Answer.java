// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import dev.varve.server.blocks.BlockOutput;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/// The response as a stream whose status and headers may change until the first byte leaves. What
/// is written is coded, packed into blocks and held back as the options say.
final class Answer extends OutputStream {
  /// How the body goes out.
  ///
  /// @param blocks how ClickHouse's compressed blocks are packed (`compress=1`), or null for none
  /// @param coding content coding, or empty
  /// @param waits whether nothing leaves before everything is there
  /// @param bufferBytes how much is held back at least before the first byte leaves
  /// @param directory where an answer that waits is kept once it is long
  record Options(
      BlockOutput.Packing blocks, String coding, boolean waits, int bufferBytes, Path directory) {
    /// Sends bytes as they come.
    static Options plain(Path directory) {
      return new Options(null, "", false, 0, directory);
    }
  }

  private static final int SPOOL_BYTES = 1 << 20;

  private final Response response;
  private final OutputStream wire;
  private final Options options;
  private OutputStream body;
  private Spool spool;
  private boolean sent;
  private String asked = "";

  Answer(Request request, Response response, Options options) {
    this.response = response;
    this.options = options;
    this.wire = Response.asBufferedOutputStream(request, response);
  }

  /// Whether a byte may have left, so that status and headers stand.
  boolean begun() {
    return sent || response.isCommitted() || body != null && spool == null;
  }

  /// What is answered, for errors that speak of a place in it.
  void asked(String sql) {
    asked = sql;
  }

  String asked() {
    return asked;
  }

  void status(int status) {
    response.setStatus(status);
  }

  void header(String name, String value) {
    response.getHeaders().put(name, value);
  }

  /// A header that comes once for each value.
  void headers(String name, List<String> values) {
    response.getHeaders().remove(name);
    values.forEach(value -> response.getHeaders().add(name, value));
  }

  void contentType(String type) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
  }

  /// Whether headers still reach the client.
  boolean takesHeaders() {
    return !response.isCommitted();
  }

  private OutputStream body() throws IOException {
    if (body == null) {
      OutputStream end;
      if (options.waits()) {
        spool = new Spool(options.directory(), Math.max(SPOOL_BYTES, options.bufferBytes()));
        end = spool;
      } else {
        end =
            options.bufferBytes() > 0
                ? new BufferedOutputStream(wire, options.bufferBytes())
                : wire;
      }
      if (!options.coding().isEmpty()) {
        header("Content-Encoding", options.coding());
        header("Vary", "Accept-Encoding");
      }
      OutputStream coded = ContentCodings.coded(end, options.coding());
      body = options.blocks() != null ? new BlockOutput(coded, options.blocks()) : coded;
    }
    return body;
  }

  @Override
  public void write(int value) throws IOException {
    body().write(value);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    if (length > 0) {
      body().write(bytes, from, length);
    }
  }

  /// Sends what is there, unless the answer waits for its end.
  @Override
  public void flush() throws IOException {
    if (body != null && spool == null) {
      body.flush();
    }
  }

  /// Ends a whole answer.
  void finish() throws IOException {
    sent = true;
    if (body != null) {
      body.close();
    }
    if (spool != null) {
      spool.copyTo(wire);
      spool.discard();
    }
    wire.close();
  }

  /// Answers with a failure instead of what was written so far.
  void fail(int status, byte[] text) throws IOException {
    if (spool != null) {
      spool.discard();
    }
    sent = true;
    response.setStatus(status);
    response.getHeaders().remove(HttpHeader.CONTENT_ENCODING);
    contentType("text/plain; charset=UTF-8");
    if (options.blocks() != null) {
      try (BlockOutput packed = new BlockOutput(wire, options.blocks())) {
        packed.write(text);
      }
    } else {
      wire.write(text);
      wire.close();
    }
  }
}
