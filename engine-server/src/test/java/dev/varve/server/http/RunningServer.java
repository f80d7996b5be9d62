// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.server.config.ServerConfig;
import dev.varve.server.node.VarveServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A server on free ports and an empty directory for the tests of a class, and requests to it.
///
///     @RegisterExtension static final RunningServer SERVER = new RunningServer();
public final class RunningServer implements BeforeAllCallback, AfterAllCallback {
  private final HttpClient client = HttpClient.newHttpClient();
  private Path directory;
  private VarveServer server;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    directory = Files.createTempDirectory("varve-server");
    server = VarveServer.open(ServerConfig.onFreePorts(directory));
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    server.close();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(RunningServer::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The data directory.
  public Path directory() {
    return directory;
  }

  public int httpPort() {
    return server.httpPort();
  }

  /// @param headers names and values in turn
  public HttpResponse<byte[]> send(String path, byte[] body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort() + path))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  public HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort() + path)).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  /// The answer to a statement, whatever its status.
  ///
  /// @param parameters of the URL, without the question mark
  public HttpResponse<String> ask(String parameters, String sql)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort() + "/?" + parameters))
            .POST(HttpRequest.BodyPublishers.ofString(sql))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /// The answer to a statement that must succeed.
  public String ok(String parameters, String sql) throws IOException, InterruptedException {
    HttpResponse<String> answer = ask(parameters, sql);
    assertThat(answer.statusCode()).as(sql + ": " + answer.body()).isEqualTo(200);
    return answer.body();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
