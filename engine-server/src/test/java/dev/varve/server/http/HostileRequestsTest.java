// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.server.config.ServerConfig;
import dev.varve.server.node.VarveServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests that are too large, too slow, or reach for what is not theirs. After each the server
/// answers others as before. Who may what is in [AccessTest], encryption in [EncryptedHttpTest].
final class HostileRequestsTest {
  @TempDir static Path directory;

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static VarveServer server;

  @BeforeAll
  static void start() throws IOException {
    Files.writeString(directory.resolve("secret.csv"), "a,b\n1,secret\n");
    server = VarveServer.open(ServerConfig.onFreePorts(directory.resolve("data")));
    Path files = Files.createDirectories(directory.resolve("data/user_files"));
    Files.createSymbolicLink(files.resolve("link.csv"), directory.resolve("secret.csv"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> post(String path, HttpRequest.BodyPublisher body)
      throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path))
            .POST(body)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> ask(String sql) throws Exception {
    return post("/", HttpRequest.BodyPublishers.ofString(sql));
  }

  private static void stillServes() throws Exception {
    assertThat(ask("SELECT 1").body()).isEqualTo("1\n");
  }

  @Test
  void pathsLeadOutOfTheFolderOfFilesNeitherToReadNorToWrite() throws Exception {
    String outside = directory.resolve("secret.csv").toString();
    ask("CREATE TABLE target (a Int32, b String) ENGINE = MergeTree ORDER BY a");
    for (String path :
        new String[] {
          "../../secret.csv",
          "x/../../../secret.csv",
          outside,
          "/etc/passwd",
          "file://" + outside,
          "link.csv",
          "../access",
          "../../*.csv"
        }) {
      for (String sql :
          new String[] {
            "SELECT * FROM file('" + path + "', CSV, 'a String, b String')",
            "SELECT * FROM read_csv('" + path + "')",
            "SELECT * FROM read_parquet('" + path + "')",
            "INSERT INTO target FROM INFILE '" + path + "' FORMAT CSV"
          }) {
        HttpResponse<String> answer = ask(sql);
        assertThat(answer.statusCode()).as(sql + ": " + answer.body()).isNotEqualTo(200);
        assertThat(answer.body()).as(sql).doesNotContain("secret\n", "root:");
      }
    }
    HttpResponse<String> written = ask("SELECT 1 INTO OUTFILE '../../made.csv'");
    assertThat(written.statusCode()).as(written.body()).isNotEqualTo(200);
    assertThat(directory.resolve("made.csv")).doesNotExist();
    assertThat(ask("SELECT count() FROM target").body()).isEqualTo("0\n");
  }

  @Test
  void pathsOfUrlsLeadToNoFile() throws Exception {
    for (String path :
        new String[] {
          "/console/../../../etc/passwd",
          "/console/..%2f..%2f..%2fetc%2fpasswd",
          "/console/%2e%2e/%2e%2e/etc/passwd",
          "//etc/passwd"
        }) {
      String head = "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      assertThat(raw(head)).as(path).doesNotContain("root:").doesNotContain(" 200 ");
    }
    stillServes();
  }

  private static String raw(String text) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.httpPort())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void aHeadWithoutEndIsRefused() throws Exception {
    String head = "GET /ping HTTP/1.1\r\nHost: x\r\nX-Long: " + "x".repeat(3 << 20) + "\r\n\r\n";
    String answer;
    try {
      answer = raw(head);
    } catch (IOException reset) {
      answer = "reset";
    }
    assertThat(answer).doesNotContain("Ok.");
    stillServes();
  }

  @Test
  void aStatementThatFillsMemoryIsRefused() throws Exception {
    byte[] blanks = new byte[1 << 20];
    java.util.Arrays.fill(blanks, (byte) ' ');
    HttpResponse<String> answer =
        post(
            "/",
            HttpRequest.BodyPublishers.ofInputStream(() -> {
              ByteArrayOutputStream start = new ByteArrayOutputStream();
              start.writeBytes("SELECT 1 ".getBytes(StandardCharsets.UTF_8));
              InputStream all = new ByteArrayInputStream(start.toByteArray());
              for (int i = 0; i < 70; i++) {
                all = new java.io.SequenceInputStream(all, new ByteArrayInputStream(blanks));
              }
              return all;
            }));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("64 MiB");
    stillServes();
  }

  @Test
  void lengthsThatLieTakeNoMemory() throws Exception {
    byte[] frame =
        ByteBuffer.allocate(5)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) 16)
            .putInt(Integer.MAX_VALUE)
            .array();
    HttpResponse<String> frames =
        CLIENT.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + "/"))
                .header("Accept", "application/vnd.varve.frames")
                .POST(HttpRequest.BodyPublishers.ofByteArray(frame))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(frames.statusCode()).as(frames.body()).isEqualTo(400);
    assertThat(frames.body()).contains("the request is malformed");
    byte[] block = new byte[25];
    block[16] = (byte) 0x82;
    java.util.Arrays.fill(block, 17, 25, (byte) 0x7F);
    HttpResponse<String> blocks =
        post("/?decompress=1", HttpRequest.BodyPublishers.ofByteArray(block));
    assertThat(blocks.statusCode()).as(blocks.body()).isEqualTo(400);
    ask("CREATE TABLE lies (s String) ENGINE = MergeTree ORDER BY s");
    byte[] text = {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 7, 'x'};
    for (String format : new String[] {"RowBinary", "Native", "ArrowStream", "Parquet"}) {
      String query = URLEncoder.encode("INSERT INTO lies FORMAT " + format, StandardCharsets.UTF_8);
      HttpResponse<String> refused =
          post("/?query=" + query, HttpRequest.BodyPublishers.ofByteArray(text));
      assertThat(refused.statusCode()).as(format + ": " + refused.body()).isNotEqualTo(200);
    }
    assertThat(ask("SELECT count() FROM lies").body()).isEqualTo("0\n");
    stillServes();
  }

  @Test
  void namesAndValuesOfParametersAreNeverSql() throws Exception {
    ask("CREATE TABLE kept (a Int32) ENGINE = MergeTree ORDER BY a");
    String drop = URLEncoder.encode("1; DROP TABLE kept", StandardCharsets.UTF_8);
    for (String path :
        new String[] {
          "/?query_id=" + URLEncoder.encode("' OR 1=1 --", StandardCharsets.UTF_8),
          "/?database=" + drop,
          "/?session_id=" + drop,
          "/?max_threads=" + drop,
          "/?param_n=" + drop
        }) {
      HttpResponse<String> answer =
          post(path, HttpRequest.BodyPublishers.ofString("SELECT {n:String}"));
      assertThat(answer.statusCode()).as(path + answer.body()).isIn(200, 400, 404);
    }
    String table = URLEncoder.encode("kept WHERE 1 --", StandardCharsets.UTF_8);
    HttpResponse<String> name =
        post(
            "/?param_t=" + table,
            HttpRequest.BodyPublishers.ofString("SELECT count() FROM {t:Identifier}"));
    assertThat(name.statusCode()).as(name.body()).isNotEqualTo(200);
    assertThat(ask("SELECT count() FROM kept").body()).isEqualTo("0\n");
  }

  @Test
  void whoSendsHeadsSlowlyIsPutOutAndWhoWaitsBetweenRequestsIsNot() throws Exception {
    Server slow = new Server();
    ServerConnector connector = new ServerConnector(slow, new HttpConnectionFactory());
    connector.setHost("127.0.0.1");
    connector.addBean(new SlowHeads(connector, Duration.ofMillis(400)));
    slow.addConnector(connector);
    slow.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            response.setStatus(204);
            callback.succeeded();
            return true;
          }
        });
    slow.start();
    try (Socket waiting = new Socket("127.0.0.1", connector.getLocalPort());
        Socket silent = new Socket("127.0.0.1", connector.getLocalPort());
        Socket dripping = new Socket("127.0.0.1", connector.getLocalPort())) {
      exchange(waiting);
      exchange(dripping);
      dripping.getOutputStream().write("GET / HTTP/1.1\r\nHo".getBytes(StandardCharsets.US_ASCII));
      assertThat(ends(dripping)).isTrue();
      assertThat(ends(silent)).isTrue();
      exchange(waiting);
    } finally {
      slow.stop();
    }
  }

  private static void exchange(Socket socket) throws IOException {
    socket.setSoTimeout(30_000);
    socket
        .getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int next = socket.getInputStream().read();
      assertThat(next).as(head.toString()).isNotNegative();
      head.append((char) next);
    }
    assertThat(head).startsWith("HTTP/1.1 204");
  }

  private static boolean ends(Socket socket) throws IOException {
    socket.setSoTimeout(30_000);
    return socket.getInputStream().read() < 0;
  }
}
