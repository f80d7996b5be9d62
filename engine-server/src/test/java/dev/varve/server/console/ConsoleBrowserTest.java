// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.varve.merge.engine.MergeSettings;
import dev.varve.server.config.ServerConfig;
import dev.varve.server.node.VarveServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The web console in a real browser: the steps stand in `console/e2e/console.mjs`. Needs Chromium
/// and the console's Node.js packages; the server's side of it is tested without them.
final class ConsoleBrowserTest {
  private static final Path CONSOLE =
      Path.of(System.getProperty("varve.root", "..")).resolve("console");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path directory;
  private VarveServer server;

  @BeforeEach
  void start() {
    server =
        VarveServer.open(
            new ServerConfig(
                directory.resolve("data"),
                "127.0.0.1",
                0,
                0,
                2,
                512L << 20,
                MergeSettings.defaults().withMergeThreads(0)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void peopleGetTheConsoleAndProgramsAWord() throws Exception {
    assertThat(get("/", "*/*").body()).isEqualTo("Ok.\n");
    HttpResponse<String> page = get("/", "text/html");
    assumeTrue(page.statusCode() == 200, "built without Node.js");
    assertThat(page.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(policy -> assertThat(policy).contains("default-src 'self'"));
    String script = page.body().replaceAll("(?s).*src=\"([^\"]+\\.js)\".*", "$1");
    assertThat(get(script, "*/*").headers().firstValue("Content-Type"))
        .hasValue("text/javascript; charset=UTF-8");
  }

  @Test
  void noNameLeadsOutOfTheFolderOfTheConsole() throws Exception {
    for (String name :
        new String[] {"../http/HttpServer.class", "%2e%2e/%2e%2e/logback.xml", "", "absent.js"}) {
      assertThat(get("/console/" + name, "*/*").statusCode()).as(name).isIn(400, 404);
    }
  }

  @Test
  void aPersonFindsTheirWay() throws Exception {
    Optional<Path> chromium =
        Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(chromium.isPresent(), "Chromium is not installed");
    assumeTrue(
        Files.isDirectory(CONSOLE.resolve("node_modules/playwright-core")),
        "the console's Node.js packages are not installed");
    fillTables();
    Path shots = CONSOLE.resolve("target/screenshots").toAbsolutePath();
    Path output = directory.resolve("browser.log");
    Process process =
        new ProcessBuilder(
                "node", "e2e/console.mjs", url(), chromium.get().toString(), shots.toString())
            .directory(CONSOLE.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int exit = process.waitFor();
    assertThat(exit).as(Files.readString(output)).isZero();
  }

  private void fillTables() throws Exception {
    post("CREATE TABLE orders (id UInt64, amount Decimal(12, 2)) ENGINE = MergeTree ORDER BY id");
    for (int part = 0; part < 6; part++) {
      int rows = 1_000 << part;
      post("INSERT INTO orders SELECT number, number / 7 FROM numbers(" + rows + ")");
    }
    post("CREATE TABLE events (id UInt64, what String) ENGINE = MergeTree ORDER BY id");
    Properties properties = new Properties();
    properties.put("bootstrap.servers", "127.0.0.1:" + server.kafkaPort());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
      for (int i = 0; i < 2_000; i++) {
        producer.send(
            new ProducerRecord<>("events", "{\"id\":" + i + ",\"what\":\"event " + i + "\"}"));
      }
      producer.flush();
    }
  }

  private String url() {
    return "http://127.0.0.1:" + server.httpPort();
  }

  private HttpResponse<String> get(String path, String accept) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(url() + path)).header("Accept", accept).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private void post(String sql) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + "/"))
            .POST(HttpRequest.BodyPublishers.ofString(sql, StandardCharsets.UTF_8))
            .build();
    HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }
}
