// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import dev.varve.server.blocks.BlockInput;
import dev.varve.sql.session.Request;
import dev.varve.sql.session.Result;
import dev.varve.sql.session.ResultColumn;
import dev.varve.sql.session.Session;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.format.RowsFormats;
import dev.varve.storage.format.RowsWriter;
import dev.varve.storage.vector.Batch;
import dev.varve.storage.vector.BatchSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Runs the statement of a request and streams its rows back. Blocking style on a virtual thread.
final class QueryHandler {
  private static final String DEFAULT_FORMAT = "TabSeparated";
  private static final String TOKEN = "X-Varve-Token";
  private static final int MAX_BUFFER = 64 << 20;
  private static final long MAX_SKIPPED = 1L << 30;

  private final HttpSessions sessions;
  private final List<ResultEncoding> encodings;
  private final Path directory;
  private final LongAdder queries = new LongAdder();
  private final LongAdder failures = new LongAdder();

  /// @param directory where answers stand that wait for their end
  QueryHandler(HttpSessions sessions, List<ResultEncoding> encodings, Path directory) {
    this.sessions = sessions;
    this.encodings = encodings;
    this.directory = directory;
  }

  long queries() {
    return queries.sum();
  }

  long failures() {
    return failures.sum();
  }

  void handle(org.eclipse.jetty.server.Request request, Response response, Callback callback) {
    queries.increment();
    Answer answer = new Answer(request, response, Answer.Options.plain(directory));
    try {
      QueryParameters parameters =
          QueryParameters.of(org.eclipse.jetty.server.Request.extractQueryParameters(request));
      answer = new Answer(request, response, options(request, parameters));
      answer(request, parameters, answer);
      callback.succeeded();
    } catch (Throwable failure) {
      failures.increment();
      fail(failure, answer, callback);
    }
  }

  private Answer.Options options(
      org.eclipse.jetty.server.Request request, QueryParameters parameters) {
    boolean blocks = parameters.flag("compress", false);
    boolean coded = !blocks && parameters.flag("enable_http_compression", true);
    return new Answer.Options(
        blocks ? parameters.blockPacking() : null,
        coded ? ContentCodings.choose(header(request, "Accept-Encoding", "")) : "",
        parameters.flag("wait_end_of_query", false),
        (int) Math.min(MAX_BUFFER, parameters.count("buffer_size", 0)),
        directory);
  }

  private void answer(
      org.eclipse.jetty.server.Request request, QueryParameters parameters, Answer answer)
      throws IOException {
    String queryId = parameters.get("query_id", "");
    if (queryId.isEmpty()) {
      queryId = UUID.randomUUID().toString();
    }
    answer.header("X-ClickHouse-Query-Id", queryId);
    answer.header("X-ClickHouse-Server-Display-Name", "varve");
    answer.header("X-ClickHouse-Timezone", "UTC");
    Credentials credentials = Credentials.of(request, parameters);
    sessions.authenticate(credentials, isLocal(request));
    String accept = header(request, "Accept", "");
    ResultEncoding encoding =
        encodings.stream().filter(e -> accept.equals(e.mediaType())).findFirst().orElse(null);
    HttpSessions.Wanted wanted =
        new HttpSessions.Wanted(
            parameters.get("session_id", ""),
            credentials.user(),
            parameters.get("database", header(request, "X-ClickHouse-Database", "")),
            parameters.get("session_timeout", ""),
            parameters.flag("session_check", false));
    Optional<MultipartForm> form = form(request, answer);
    if (form.isPresent()) {
      try (MultipartForm files = form.get();
          HttpSessions.Lease lease = sessions.lease(wanted)) {
        files.makeTables(lease.session(), parameters);
        QueryParameters all = files.parameters(parameters);
        InputStream none = InputStream.nullInputStream();
        try {
          answer(request, all, queryId, encoding, none, lease.session(), answer);
        } finally {
          files.dropTables(lease.session());
        }
      }
      return;
    }
    try (InputStream raw = Content.Source.asInputStream(request)) {
      try (HttpSessions.Lease lease = sessions.lease(wanted)) {
        answer(request, parameters, queryId, encoding, raw, lease.session(), answer);
      } catch (VarveException refused) {
        skipRest(raw);
        throw refused;
      }
    }
  }

  private Optional<MultipartForm> form(org.eclipse.jetty.server.Request request, Answer answer)
      throws IOException {
    try {
      return MultipartForm.of(request, directory);
    } catch (VarveException refused) {
      // What is left of the body is in the way of another request.
      answer.header("Connection", "close");
      throw refused;
    }
  }

  private static void answer(
      org.eclipse.jetty.server.Request request,
      QueryParameters parameters,
      String queryId,
      ResultEncoding encoding,
      InputStream raw,
      Session session,
      Answer answer)
      throws IOException {
    InputStream coded = ContentCodings.decoded(raw, header(request, "Content-Encoding", ""));
    InputStream body = parameters.flag("decompress", false) ? new BlockInput(coded) : coded;
    if (encoding != null) {
      answer.contentType(encoding.mediaType());
      encoding.answer(session, queryId, settings(request, parameters.settings()), body, answer);
      answer.finish();
      return;
    }
    StatementBody statement = StatementBody.of(parameters.get("query", ""), body);
    answer.asked(statement.sql());
    Request work =
        new Request(
            statement.sql(),
            List.of(),
            parameters.named(),
            settings(
                request,
                HttpMethod.GET.is(request.getMethod())
                    ? parameters.readOnlySettings()
                    : parameters.settings()),
            statement.data(),
            queryId);
    String format =
        parameters.get("default_format", header(request, "X-ClickHouse-Format", DEFAULT_FORMAT));
    try (Result result = session.execute(work)) {
      if (session.change() > 0) {
        answer.header(TOKEN, Long.toString(session.change()));
      }
      stream(result, result.format().orElse(format), parameters, answer);
    }
  }

  /// With the change that the client has seen at another server of the cluster, if it says so.
  private static Map<String, String> settings(
      org.eclipse.jetty.server.Request request, Map<String, String> named) {
    String token = request.getHeaders().get(TOKEN);
    if (token == null) {
      return named;
    }
    Map<String, String> all = new LinkedHashMap<>(named);
    all.putIfAbsent("after_change", token);
    return all;
  }

  /// Whoever still sends would find the connection broken instead of the answer. There is an end to
  /// it, and who is slow meets the idle timeout.
  private static void skipRest(InputStream raw) {
    byte[] skipped = new byte[1 << 16];
    try {
      long left = MAX_SKIPPED;
      for (int n = raw.read(skipped); n >= 0 && left > 0; n = raw.read(skipped)) {
        left -= n;
      }
    } catch (IOException gone) {
      HttpServer.LOG.debug("a refused request broke off", gone);
    }
  }

  private static boolean isLocal(org.eclipse.jetty.server.Request request) {
    return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress at
        && at.getAddress() != null
        && at.getAddress().isLoopbackAddress();
  }

  private static String header(
      org.eclipse.jetty.server.Request request, String name, String otherwise) {
    String value = request.getHeaders().get(name);
    return value == null ? otherwise : value;
  }

  private static void stream(
      Result result, String format, QueryParameters parameters, Answer answer) throws IOException {
    if (result.columns().isEmpty()) {
      answer.header("X-ClickHouse-Summary", ProgressHeaders.text(result, 0));
      answer.finish();
      return;
    }
    long interval =
        parameters.flag("send_progress_in_http_headers", false)
            ? parameters.count("http_headers_progress_interval_ms", 100)
            : Integer.MAX_VALUE;
    try (ProgressHeaders progress = new ProgressHeaders(result, interval)) {
      int protocol = (int) Math.min(MAX_BUFFER, parameters.count("client_protocol_version", 0));
      rows(result, format, interval < Integer.MAX_VALUE ? progress : null, protocol, answer);
    }
    answer.finish();
  }

  /// @param headers what to tell of the time before the first byte, or null
  /// @param protocol version of the client's protocol, or 0
  private static void rows(
      Result result, String format, ProgressHeaders headers, int protocol, Answer answer)
      throws IOException {
    List<String> names = result.columns().stream().map(ResultColumn::name).toList();
    answer.header("X-ClickHouse-Format", format);
    long count = 0;
    try (RowsWriter writer =
            RowsFormats.writer(
                format,
                answer,
                names,
                result.columns().stream().map(ResultColumn::type).toList(),
                result.formatSettings(),
                new RowsFormats.Answer(result.hasTotals(), protocol));
        BatchSource batches = result.batches()) {
      answer.contentType(writer.contentType());
      // The first batch is waited for before anything is sent, so that most errors get a status.
      Batch batch = batches.next();
      writer.begin();
      tell(result, headers, answer, batch == null ? 0 : batch.rows());
      while (batch != null) {
        count += batch.rows();
        writer.write(batch);
        batch = batches.next();
      }
      tell(result, headers, answer, count);
      Result.Progress progress = result.progress();
      writer.end(
          new RowsWriter.Statistics(
              progress.elapsedNanos() / 1e9, progress.readRows(), progress.readBytes()));
    }
  }

  private static void tell(Result result, ProgressHeaders headers, Answer answer, long rows) {
    if (!answer.takesHeaders()) {
      return;
    }
    answer.header("X-ClickHouse-Summary", ProgressHeaders.text(result, rows));
    if (headers != null) {
      answer.headers("X-ClickHouse-Progress", headers.texts());
    }
  }

  private static void fail(Throwable failure, Answer answer, Callback callback) {
    if (failure instanceof EofException) {
      // The client has gone, which is its right: it has what it wanted, or gave up.
      callback.failed(failure);
      return;
    }
    VarveException error = HttpErrors.explain(failure);
    if (error.code().fault() == ErrorCode.Fault.OURS) {
      HttpServer.LOG.error("statement failed by a defect", failure);
    }
    byte[] text = HttpErrors.text(error, answer.asked()).getBytes(StandardCharsets.UTF_8);
    try {
      if (answer.begun()) {
        // Too late for a status: the text goes to the end of the rows, and the broken connection
        // tells the client that they are not whole.
        answer.write('\n');
        answer.write(text);
        answer.flush();
        callback.failed(error);
        return;
      }
      answer.header("X-ClickHouse-Exception-Code", Integer.toString(error.code().number()));
      answer.header("X-Varve-SqlState", error.code().sqlState());
      answer.fail(HttpErrors.status(error.code()), text);
      callback.succeeded();
    } catch (IOException gone) {
      callback.failed(gone);
    }
  }
}
