// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import dev.varve.sql.session.Request;
import dev.varve.sql.session.Result;
import dev.varve.sql.session.ResultColumn;
import dev.varve.sql.session.Session;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowsFormats;
import dev.varve.storage.format.RowsWriter;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Runs the statement of a request and streams its rows back. Blocking style on a virtual thread.
final class QueryHandler {
  private static final String DEFAULT_FORMAT = "TabSeparated";

  private final HttpSessions sessions;
  private final List<ResultEncoding> encodings;
  private final LongAdder queries = new LongAdder();
  private final LongAdder failures = new LongAdder();

  QueryHandler(HttpSessions sessions, List<ResultEncoding> encodings) {
    this.sessions = sessions;
    this.encodings = encodings;
  }

  long queries() {
    return queries.sum();
  }

  long failures() {
    return failures.sum();
  }

  void handle(org.eclipse.jetty.server.Request request, Response response, Callback callback) {
    queries.increment();
    Answer answer = new Answer(request, response);
    try {
      answer(request, answer);
      callback.succeeded();
    } catch (Throwable failure) {
      failures.increment();
      fail(failure, answer, callback);
    }
  }

  private void answer(org.eclipse.jetty.server.Request request, Answer answer) throws IOException {
    QueryParameters parameters =
        QueryParameters.of(org.eclipse.jetty.server.Request.extractQueryParameters(request));
    String queryId = parameters.get("query_id", UUID.randomUUID().toString());
    answer.header("X-ClickHouse-Query-Id", queryId);
    answer.header("X-ClickHouse-Server-Display-Name", "varve");
    answer.header("X-ClickHouse-Timezone", "UTC");
    String accept = header(request, "Accept", "");
    ResultEncoding encoding =
        encodings.stream().filter(e -> accept.equals(e.mediaType())).findFirst().orElse(null);
    try (InputStream body = Content.Source.asInputStream(request);
        HttpSessions.Lease lease =
            sessions.lease(
                parameters.get("session_id", ""),
                parameters.get("user", header(request, "X-ClickHouse-User", "default")),
                parameters.get("database", header(request, "X-ClickHouse-Database", "")))) {
      Session session = lease.session();
      if (encoding != null) {
        answer.contentType(encoding.mediaType());
        encoding.answer(session, queryId, parameters.settings(), body, answer);
        answer.finish();
        return;
      }
      StatementBody statement = StatementBody.of(parameters.get("query", ""), body);
      Request work =
          new Request(
              statement.sql(),
              List.of(),
              parameters.named(),
              parameters.settings(),
              statement.data(),
              queryId);
      long started = System.nanoTime();
      try (Result result = session.execute(work)) {
        String format =
            result
                .format()
                .orElse(
                    parameters.get(
                        "default_format", header(request, "X-ClickHouse-Format", DEFAULT_FORMAT)));
        stream(result, format, started, answer);
      }
    }
  }

  private static String header(
      org.eclipse.jetty.server.Request request, String name, String otherwise) {
    String value = request.getHeaders().get(name);
    return value == null ? otherwise : value;
  }

  private static void stream(Result result, String format, long started, Answer answer)
      throws IOException {
    if (result.columns().isEmpty()) {
      answer.summary(result, started);
      answer.finish();
      return;
    }
    List<String> names = result.columns().stream().map(ResultColumn::name).toList();
    RowsWriter writer =
        RowsFormats.writer(
            format, answer, names, result.columns().stream().map(ResultColumn::type).toList());
    answer.contentType(writer.contentType());
    answer.header("X-ClickHouse-Format", format);
    try (BatchSource batches = result.batches()) {
      // The first batch is waited for before anything is sent, so that most errors get a status.
      Batch batch = batches.next();
      writer.begin();
      while (batch != null) {
        writer.write(batch);
        batch = batches.next();
      }
    }
    Result.Progress progress = result.progress();
    answer.summary(result, started);
    writer.end(
        new RowsWriter.Statistics(
            (System.nanoTime() - started) / 1e9, progress.readRows(), progress.readBytes()));
    answer.finish();
  }

  private static void fail(Throwable failure, Answer answer, Callback callback) {
    if (failure instanceof EofException) {
      // The client has gone, which is its right: it has what it wanted, or gave up.
      callback.failed(failure);
      return;
    }
    VarveException error = HttpErrors.explain(failure);
    if (error.code().fault() == dev.varve.storage.error.ErrorCode.Fault.OURS) {
      HttpServer.LOG.error("statement failed by a defect", failure);
    }
    try {
      if (answer.begun()) {
        // Too late for a status: the text goes to the end of the rows, and the broken connection
        // tells the client that they are not whole.
        answer.write(
            ("\n" + HttpErrors.text(error)).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        answer.flush();
        callback.failed(error);
        return;
      }
      answer.status(HttpErrors.status(error.code()));
      answer.header("X-ClickHouse-Exception-Code", Integer.toString(error.code().number()));
      answer.header("X-Varve-SqlState", error.code().sqlState());
      answer.contentType("text/plain; charset=UTF-8");
      answer.write(HttpErrors.text(error).getBytes(java.nio.charset.StandardCharsets.UTF_8));
      answer.finish();
      callback.succeeded();
    } catch (IOException gone) {
      callback.failed(gone);
    }
  }

  /// The response as a stream whose status and headers may change until the first byte leaves.
  private static final class Answer extends OutputStream {
    private final Response response;
    private final OutputStream out;
    private boolean begun;

    Answer(org.eclipse.jetty.server.Request request, Response response) {
      this.response = response;
      this.out = Response.asBufferedOutputStream(request, response);
    }

    boolean begun() {
      return begun || response.isCommitted();
    }

    void status(int status) {
      response.setStatus(status);
    }

    void header(String name, String value) {
      response.getHeaders().put(name, value);
    }

    void contentType(String type) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    }

    void summary(Result result, long started) {
      if (response.isCommitted()) {
        return;
      }
      Result.Progress progress = result.progress();
      header(
          "X-ClickHouse-Summary",
          "{\"read_rows\":\""
              + progress.readRows()
              + "\",\"read_bytes\":\""
              + progress.readBytes()
              + "\",\"written_rows\":\""
              + result.writtenRows()
              + "\",\"elapsed_ns\":\""
              + (System.nanoTime() - started)
              + "\"}");
    }

    void finish() throws IOException {
      out.close();
    }

    @Override
    public void write(int value) throws IOException {
      begun = true;
      out.write(value);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      begun |= length > 0;
      out.write(bytes, from, length);
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }
}
