// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.frames;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.varve.jdbc.wire.Call;
import dev.varve.jdbc.wire.Frame;
import dev.varve.storage.vector.Scratch;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// The frames of a canned session over the JDK's HTTP server.
final class FrameServer implements AutoCloseable {
  final CannedSession session = new CannedSession();
  final BufferAllocator allocator = new RootAllocator();

  /// What canned batches are made of. An exchange whose reader has gone may still take from it, so
  /// it is closed only after the last exchange has ended.
  final Scratch scratch = new Scratch(allocator);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer http;

  FrameServer() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(threads);
    http.createContext("/", this::answer);
    http.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization != null && !authorization.endsWith("YW5uOnJpZ2h0")) {
      byte[] text = "Code: 516. DB::Exception: wrong password".getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(401, text.length);
      exchange.getResponseBody().write(text);
      exchange.close();
      return;
    }
    Map<String, String> query = new HashMap<>();
    for (String pair : exchange.getRequestURI().getQuery().split("&")) {
      int equals = pair.indexOf('=');
      query.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    String queryId = query.remove("query_id");
    String database = query.getOrDefault("database", "");
    query.remove("database");
    query.remove("session_id");
    String accept = exchange.getRequestHeaders().getFirst("Accept");
    exchange.getResponseHeaders().set("Content-Type", accept);
    exchange.sendResponseHeaders(200, 0);
    FrameEncoder encoder = new FrameEncoder(allocator);
    Call call = FrameRequests.read(exchange.getRequestBody(), queryId, database, query);
    try (OutputStream out = exchange.getResponseBody()) {
      encoder.answer(session, call, out, accept.equals(Frame.PACKED_MEDIA_TYPE));
    }
  }

  int port() {
    return http.getAddress().getPort();
  }

  Connection connect() throws SQLException {
    return connect("/default");
  }

  Connection connect(String pathAndQuery) throws SQLException {
    return DriverManager.getConnection("jdbc:varve://127.0.0.1:" + port() + pathAndQuery);
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdown();
    try {
      if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("an exchange does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    scratch.close();
    allocator.close();
  }
}
