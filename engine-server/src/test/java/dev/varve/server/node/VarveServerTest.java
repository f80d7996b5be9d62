// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.merge.engine.MergeSettings;
import dev.varve.server.config.ServerConfig;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole server, asked over HTTP as curl would.
final class VarveServerTest {
  @TempDir static Path directory;

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static VarveServer server;

  @BeforeAll
  static void start() {
    server = VarveServer.open(config(directory, 0));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static ServerConfig config(Path data, int httpPort) {
    return new ServerConfig(
        data, "127.0.0.1", httpPort, 0, 2, 256L << 20, MergeSettings.defaults());
  }

  @Test
  void aStatementInTheBodyIsAnsweredInTheFormatItNames() throws Exception {
    assertThat(ok("SELECT 1 AS a, 'x' AS b FORMAT JSONEachRow"))
        .isEqualTo("{\"a\":1,\"b\":\"x\"}\n");
    assertThat(ok("SELECT 1, 'x' FORMAT CSV")).isEqualTo("1,\"x\"\n");
    assertThat(ok("SELECT 2")).isEqualTo("2\n");
  }

  @Test
  void parametersOfTheAddressChooseFormatDatabaseAndSettings() throws Exception {
    assertThat(
            post(
                    "/?default_format=JSONCompactEachRow&max_threads=1&query="
                        + encoded("SELECT 7"),
                    "")
                .body())
        .isEqualTo("[7]\n");
    ok("CREATE DATABASE other");
    post("/?database=other", "CREATE TABLE here (a Int32) ENGINE = MergeTree ORDER BY a");
    assertThat(ok("SELECT count(*) FROM other.here")).isEqualTo("0\n");
    assertThat(post("/?param_x=41&query=" + encoded("SELECT {x:Int32} + 1"), "").body())
        .isEqualTo("42\n");
  }

  @Test
  void rowsBehindAnInsertMayStandInTheSameBody() throws Exception {
    ok("CREATE TABLE behind (a Int32, b String) ENGINE = MergeTree ORDER BY a");
    ok("INSERT INTO behind FORMAT CSV\n1,x\n2,\"y;'\"\n");
    post(
        "/?query=" + encoded("INSERT INTO behind FORMAT JSONEachRow"),
        "{\"a\":3,\"b\":\"FORMAT\"}\n");
    ok("INSERT INTO behind VALUES (4, 'v')");
    assertThat(ok("SELECT * FROM behind ORDER BY a"))
        .isEqualTo("1\tx\n2\ty;\\'\n3\tFORMAT\n4\tv\n");
  }

  @Test
  void aRowThatDoesNotFitRefusesTheWholeInsert() throws Exception {
    ok("CREATE TABLE whole (a Int32) ENGINE = MergeTree ORDER BY a");
    HttpResponse<String> refused = post("/", "INSERT INTO whole FORMAT CSV\n1\nx\n");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("row 2", "\"a\"", "CANNOT_PARSE_INPUT");
    assertThat(ok("SELECT count(*) FROM whole")).isEqualTo("0\n");
  }

  @Test
  void errorsHaveCodeStateStatusAndASuggestion() throws Exception {
    ok("CREATE TABLE events (id Int32, price Float64) ENGINE = MergeTree ORDER BY id");
    assertError("SELECT * FROM event", 404, ErrorCode.UNKNOWN_TABLE, "events");
    assertError("SELECT prize FROM events", 404, ErrorCode.UNKNOWN_IDENTIFIER, "\"price\"");
    assertError("SELECT lenght('a')", 404, ErrorCode.UNKNOWN_FUNCTION, "length");
    assertError("SELEC 1", 400, ErrorCode.SYNTAX_ERROR, "line 1");
    assertError(
        "CREATE TABLE x (a Strin) ENGINE = MergeTree ORDER BY a",
        400,
        ErrorCode.UNKNOWN_TYPE,
        "Strin");
    assertThat(ok("SELECT 1")).isEqualTo("1\n");
  }

  private static void assertError(String sql, int status, ErrorCode code, String hint)
      throws Exception {
    HttpResponse<String> response = post("/", sql);
    assertThat(response.body())
        .startsWith("Code: " + code.number() + ". DB::Exception: ")
        .contains("(" + code.name() + ")", hint)
        .doesNotContain("org.apache", "java.lang");
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("X-ClickHouse-Exception-Code"))
        .hasValue(Integer.toString(code.number()));
    assertThat(response.headers().firstValue("X-Varve-SqlState")).hasValue(code.sqlState());
  }

  @Test
  void pingAndMetricsAnswer() throws Exception {
    assertThat(get("/ping")).isEqualTo("Ok.\n");
    assertThat(get("/metrics")).contains("# TYPE varve_memory_bytes gauge");
    assertThat(get("/?query=" + encoded("SELECT 5"))).isEqualTo("5\n");
    assertThat(ok("SELECT count(*) > 0 FROM system.metrics").strip()).isIn("true", "1");
  }

  @Test
  void aDirectoryInUseIsRefusedByName() {
    assertThatThrownBy(() -> VarveServer.open(config(directory, 0)))
        .isInstanceOfSatisfying(
            VarveException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DIRECTORY_LOCKED))
        .hasMessageContaining(directory.toString());
  }

  @Test
  void aPortInUseIsRefusedByNameAndGivesTheDirectoryFree(@TempDir Path own) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> VarveServer.open(config(own, taken.getLocalPort())))
          .isInstanceOfSatisfying(
              VarveException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NETWORK_ERROR))
          .hasMessageContainingAll(Integer.toString(taken.getLocalPort()), "--http-port");
    }
    VarveServer.open(config(own, 0)).close();
  }

  @Test
  void onlyLoopbackIsServedWithoutUsers(@TempDir Path own) throws Exception {
    ServerConfig everywhere =
        new ServerConfig(own, "0.0.0.0", 0, 0, 1, 256L << 20, MergeSettings.defaults());
    assertThatThrownBy(() -> VarveServer.open(everywhere))
        .isInstanceOf(VarveException.class)
        .hasMessageContainingAll("--listen 0.0.0.0", "CREATE USER");
    try (VarveServer here = VarveServer.open(config(own, 0))) {
      postTo(here, "CREATE USER root IDENTIFIED BY 'secret'");
    }
    try (VarveServer all = VarveServer.open(everywhere)) {
      assertThat(postTo(all, "SELECT 1").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void rowsAreThereAfterARestart(@TempDir Path own) throws Exception {
    VarveServer first = VarveServer.open(config(own, 0));
    postTo(first, "CREATE TABLE kept (a Int32) ENGINE = MergeTree ORDER BY a");
    postTo(first, "INSERT INTO kept VALUES (1), (2)");
    first.close();
    try (VarveServer second = VarveServer.open(config(own, 0))) {
      assertThat(postTo(second, "SELECT sum(a) FROM kept").body()).isEqualTo("3\n");
    }
  }

  private static String ok(String sql) throws Exception {
    HttpResponse<String> response = post("/", sql);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  private static HttpResponse<String> postTo(VarveServer to, String sql) throws Exception {
    return send(to, HttpRequest.BodyPublishers.ofString(sql), "/");
  }

  private static HttpResponse<String> post(String path, String body) throws Exception {
    return send(server, HttpRequest.BodyPublishers.ofString(body), path);
  }

  private static HttpResponse<String> send(
      VarveServer to, HttpRequest.BodyPublisher body, String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to.httpPort() + path))
            .POST(body)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String get(String path) throws Exception {
    return CLIENT
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static String encoded(String sql) {
    return URLEncoder.encode(sql, StandardCharsets.UTF_8);
  }
}
