// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import dev.varve.server.metrics.Metrics;
import dev.varve.sql.session.SqlEngine;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP port: queries on `/`, liveness on `/ping`, Prometheus text on `/metrics`, and the web
/// console for browsers.
public final class HttpServer implements AutoCloseable {
  static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

  private static final int MAX_HEADER_BYTES = 1 << 20;
  private static final long STOP_MILLIS = 5_000;
  private static final long IDLE_MILLIS = 3_600_000;

  private final Server server;
  private final ServerConnector plain;
  private final ServerConnector encrypted;
  private final HttpSessions sessions;

  /// @param plain null where everything is encrypted
  /// @param encrypted null where there is no certificate
  private HttpServer(
      Server server, ServerConnector plain, ServerConnector encrypted, HttpSessions sessions) {
    this.server = server;
    this.plain = plain;
    this.encrypted = encrypted;
    this.sessions = sessions;
  }

  /// Serves until it is closed.
  ///
  /// @param replicas what answers below `/replica/`, where the server is one of several
  /// @throws VarveException NETWORK_ERROR where a port is taken
  public static HttpServer open(
      HttpSettings settings,
      SqlEngine sql,
      Metrics metrics,
      List<ResultEncoding> encodings,
      Optional<Handler> replicas) {
    QueuedThreadPool threads = new QueuedThreadPool();
    threads.setName("http");
    threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    Server server = new Server(threads);
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setRequestHeaderSize(MAX_HEADER_BYTES);
    configuration.setUriCompliance(UriCompliance.LEGACY);
    ServerConnector plain =
        settings.port() == HttpSettings.NONE
            ? null
            : connector(server, settings, new HttpConnectionFactory(configuration));
    if (plain != null) {
      plain.setPort(settings.port());
    }
    ServerConnector encrypted =
        settings.tls() == null ? null : encrypted(server, settings, configuration);
    HttpSessions sessions = new HttpSessions(sql, InstantSource.system());
    QueryHandler queries = new QueryHandler(sessions, encodings, settings.directory());
    metrics.counter("varve_http_queries_total", "Statements received over HTTP", queries::queries);
    metrics.counter(
        "varve_http_failures_total", "Statements that failed over HTTP", queries::failures);
    server.setHandler(new Doors(queries, metrics, replicas));
    server.setStopTimeout(STOP_MILLIS);
    try {
      server.start();
    } catch (Exception e) {
      throw cannotOpen(settings, e);
    }
    return new HttpServer(server, plain, encrypted, sessions);
  }

  private static ServerConnector connector(
      Server server, HttpSettings settings, ConnectionFactory... protocols) {
    ServerConnector connector = new ServerConnector(server, protocols);
    connector.setHost(settings.host());
    connector.setIdleTimeout(IDLE_MILLIS);
    connector.addBean(new SlowHeads(connector, settings.headTime()));
    server.addConnector(connector);
    return connector;
  }

  private static ServerConnector encrypted(
      Server server, HttpSettings settings, HttpConfiguration plain) {
    HttpConfiguration configuration = new HttpConfiguration(plain);
    SecureRequestCustomizer secured = new SecureRequestCustomizer();
    // Clients connect by addresses too, for which TLS tells no name.
    secured.setSniHostCheck(false);
    configuration.addCustomizer(secured);
    SslContextFactory.Server contexts = new SslContextFactory.Server();
    contexts.setSslContext(settings.tls());
    ServerConnector connector =
        connector(
            server,
            settings,
            new SslConnectionFactory(contexts, HttpVersion.HTTP_1_1.asString()),
            new HttpConnectionFactory(configuration));
    connector.setPort(settings.tlsPort());
    return connector;
  }

  private static VarveException cannotOpen(HttpSettings settings, Exception failure) {
    boolean taken =
        failure instanceof BindException
            || (failure instanceof IOException && failure.getCause() instanceof BindException);
    return new VarveException(
        ErrorCode.NETWORK_ERROR,
        "cannot serve HTTP on "
            + settings.host()
            + ":"
            + (settings.port() == HttpSettings.NONE ? settings.tlsPort() : settings.port())
            + (taken
                ? (settings.tls() == null ? "" : " or " + settings.tlsPort())
                    + ": the port is in use; stop the other program or take another by"
                    + (settings.tls() == null ? " --http-port" : " --http-port or --https-port")
                    + " (0 picks a free one)"
                : ": " + failure.getMessage()),
        failure);
  }

  /// The port that is not encrypted, or -1.
  public int port() {
    return plain == null ? HttpSettings.NONE : plain.getLocalPort();
  }

  /// The encrypted port, or -1.
  public int tlsPort() {
    return encrypted == null ? HttpSettings.NONE : encrypted.getLocalPort();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      LOG.warn("HTTP did not stop in time", e);
    }
    sessions.close();
  }

  /// Which path leads where.
  private static final class Doors extends Handler.Abstract {
    private static final String CONSOLE = "/console/";
    private static final String REPLICAS = "/replica/";

    private final QueryHandler queries;
    private final Metrics metrics;
    private final Optional<Handler> replicas;
    private final ConsoleFiles console = new ConsoleFiles();

    Doors(QueryHandler queries, Metrics metrics, Optional<Handler> replicas) {
      this.queries = queries;
      this.metrics = metrics;
      this.replicas = replicas;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      String path = Request.getPathInContext(request);
      if (replicas.isPresent() && path.startsWith(REPLICAS)) {
        return replicas.get().handle(request, response, callback);
      }
      boolean hasQuery = request.getHttpURI().getQuery() != null;
      switch (path) {
        case "/ping", "/replicas_status", "/health", "/ready" ->
            text(response, 200, "Ok.\n", callback);
        case "/metrics" -> text(response, 200, metrics.prometheus(), callback);
        case "/", "/query" -> {
          boolean reads =
              HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
          if (reads && !hasQuery && isBrowser(request)) {
            file(response, console.index(), ConsoleFiles.ABSENT, callback);
          } else if (reads && !hasQuery) {
            text(response, 200, "Ok.\n", callback);
          } else {
            queries.handle(request, response, callback);
          }
        }
        default -> {
          String missing =
              "There is nothing at "
                  + path
                  + ". Send SQL to / by POST, or look at /ping, /health, /ready and /metrics.\n";
          if (path.startsWith(CONSOLE)) {
            file(response, console.file(path.substring(CONSOLE.length())), missing, callback);
          } else {
            text(response, 404, missing, callback);
          }
        }
      }
      return true;
    }

    /// Programs that ask whether the server is there get a word, people get the console.
    private static boolean isBrowser(Request request) {
      String accepted = request.getHeaders().get(HttpHeader.ACCEPT);
      return accepted != null && accepted.contains("text/html");
    }

    private static void file(
        Response response, Optional<ConsoleFiles.File> file, String missing, Callback callback) {
      if (file.isEmpty()) {
        text(response, 404, missing, callback);
        return;
      }
      HttpFields.Mutable headers = response.getHeaders();
      headers.put(HttpHeader.CONTENT_TYPE, file.get().type());
      headers.put("Content-Security-Policy", ConsoleFiles.POLICY);
      headers.put("X-Content-Type-Options", "nosniff");
      headers.put("Referrer-Policy", "no-referrer");
      headers.put(
          HttpHeader.CACHE_CONTROL,
          file.get().isFinal() ? "public, max-age=31536000, immutable" : "no-cache");
      response.setStatus(200);
      response.write(true, ByteBuffer.wrap(file.get().bytes()), callback);
    }

    private static void text(Response response, int status, String text, Callback callback) {
      response.setStatus(status);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=UTF-8");
      Content.Sink.write(response, true, text, callback);
    }
  }
}
