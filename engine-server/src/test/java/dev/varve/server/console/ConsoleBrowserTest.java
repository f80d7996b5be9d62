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
import java.util.concurrent.TimeUnit;
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

  private static final int PAUSE_MILLIS = 100;

  @TempDir Path directory;
  private VarveServer server;
  private int produced;

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
    int exit;
    try (KafkaProducer<String, String> producer = producer()) {
      while (!process.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        send(producer, 10);
      }
      exit = process.exitValue();
    }
    assertThat(exit).as(Files.readString(output)).isZero();
  }

  private void fillTables() throws Exception {
    post("CREATE TABLE orders (id UInt64, amount Decimal(12, 2)) ENGINE = MergeTree ORDER BY id");
    for (int part = 0; part < 6; part++) {
      int rows = 1_000 << part;
      post("INSERT INTO orders SELECT number, number / 7 FROM numbers(" + rows + ")");
    }
    post("CREATE TABLE events (id UInt64, what String) ENGINE = MergeTree ORDER BY id");
    try (KafkaProducer<String, String> producer = producer()) {
      send(producer, 2_000);
      producer.flush();
    }
    fillSlowlyMerged();
  }

  /// Parts that are quickly written and take seconds to merge, by another codec.
  private void fillSlowlyMerged() throws Exception {
    post(
        "CREATE TABLE texts (k UInt64, half UInt8, s String) ENGINE = MergeTree"
            + " PARTITION BY half ORDER BY k");
    for (int part = 0; part < 4; part++) {
      StringBuilder hashes = new StringBuilder();
      for (int i = 0; i < 8; i++) {
        hashes.append(i == 0 ? "" : ", ").append("hex(cityHash64(k * 8 + ").append(i).append("))");
      }
      post(
          "INSERT INTO texts SELECT number * 4 + "
              + part
              + " AS k, number % 2, concat("
              + hashes
              + ") FROM numbers(20000)");
    }
    post("ALTER TABLE texts MODIFY COLUMN s String CODEC(ZSTD(22))");
  }

  private KafkaProducer<String, String> producer() {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", "127.0.0.1:" + server.kafkaPort());
    properties.put("linger.ms", "0");
    return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
  }

  private void send(KafkaProducer<String, String> producer, int records) {
    for (int i = 0; i < records; i++) {
      String value = "{\"id\":" + produced + ",\"what\":\"event " + produced + "\"}";
      producer.send(new ProducerRecord<>("events", value));
      produced++;
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
