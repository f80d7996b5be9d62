// SPDX-License-Identifier: Apache-2.0
package dev.varve.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.merge.engine.MergeSettings;
import dev.varve.server.config.ServerConfig;
import dev.varve.server.config.TlsConfig;
import dev.varve.server.main.Varve;
import dev.varve.server.tls.CertificateFiles;
import dev.varve.test.SelfSigned;
import java.io.BufferedReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tables that read the topics of another cluster; here that is another server.
final class OutsideKafkaTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Pattern PORT = Pattern.compile("http=\\S*?(\\d+)(?:\\s|$)");

  @TempDir Path directory;
  private VarveServer outside;
  private Producer<String, String> producer;

  @BeforeEach
  void start() throws Exception {
    outside = open("outside");
    sql(outside.httpPort(), "CREATE TOPIC clicks SETTINGS partitions = 3");
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", "127.0.0.1:" + outside.kafkaPort()),
            new StringSerializer(),
            new StringSerializer());
  }

  @AfterEach
  void stop() {
    producer.close();
    outside.close();
  }

  private VarveServer open(String name) {
    return VarveServer.open(
        new ServerConfig(
            directory.resolve(name), "127.0.0.1", 0, 0, 2, 256L << 20, MergeSettings.defaults()));
  }

  private static String sql(int port, String sql) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
            .POST(HttpRequest.BodyPublishers.ofString(sql))
            .build();
    HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(sql + ": " + response.body()).isEqualTo(200);
    return response.body().strip();
  }

  private static void await(int port, String query, String expected) throws Exception {
    String found = sql(port, query);
    for (int i = 0; i < 3_000 && !found.equals(expected); i++) {
      found = sql(port, query);
    }
    assertThat(found).as(query).isEqualTo(expected);
  }

  private void send(int from, int to) {
    for (int i = from; i < to; i++) {
      producer.send(new ProducerRecord<>("clicks", i % 3, "k" + i, "{\"id\":" + i + "}"));
    }
    producer.flush();
  }

  private void createTables(int port, String more) throws Exception {
    sql(
        port,
        "CREATE TABLE queue (id Int64, _key String, _offset Int64, _partition Int32) ENGINE ="
            + " Kafka SETTINGS kafka_broker_list = '127.0.0.1:"
            + outside.kafkaPort()
            + "', kafka_topic_list = 'clicks', kafka_group_name = 'readers', kafka_format ="
            + " 'JSONEachRow', kafka_num_consumers = 2, kafka_flush_interval_ms = 20"
            + more);
    sql(
        port,
        "CREATE TABLE clicks (id Int64, k String, o Int64, p Int32) ENGINE = MergeTree ORDER BY"
            + " id");
    sql(
        port,
        "CREATE MATERIALIZED VIEW pump TO clicks AS SELECT id, _key AS k, _offset AS o,"
            + " _partition AS p FROM queue");
  }

  @Test
  void aClusterThatWantsTlsAndAPasswordIsReadAndThePasswordShownNowhere() throws Exception {
    SelfSigned certificate = SelfSigned.in(directory);
    Path password = Files.writeString(directory.resolve("password"), certificate.password());
    ServerConfig config =
        ServerConfig.onFreePorts(directory.resolve("guarded"))
            .withTls(
                new TlsConfig(
                    new CertificateFiles.Keystore(certificate.keystore(), Optional.of(password)),
                    0,
                    0,
                    false));
    String odd = "it\\\\is \"odd\" ; x=y";
    try (VarveServer guarded = VarveServer.open(config);
        VarveServer server = open("inside")) {
      sql(guarded.httpPort(), "CREATE TABLE clicks (id Int64) ENGINE = MergeTree ORDER BY id");
      sql(guarded.httpPort(), "INSERT INTO clicks VALUES (0)");
      try (Producer<String, String> early =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", "127.0.0.1:" + guarded.kafkaPort()),
              new StringSerializer(),
              new StringSerializer())) {
        early.send(new ProducerRecord<>("clicks", "{\"id\":7}")).get();
      }
      sql(guarded.httpPort(), "CREATE USER root IDENTIFIED BY '" + odd + "'");
      int port = server.httpPort();
      for (String mechanism : List.of("PLAIN", "SCRAM-SHA-512")) {
        String name = "q_" + mechanism.replace('-', '_');
        sql(
            port,
            "CREATE TABLE "
                + name
                + " (id Int64) ENGINE = Kafka('127.0.0.1:"
                + guarded.kafkaTlsPort()
                + "', 'clicks', '', 'JSONEachRow') SETTINGS kafka_security_protocol = 'sasl_ssl',"
                + " kafka_sasl_mechanism = '"
                + mechanism
                + "', kafka_sasl_username = 'root', kafka_sasl_password = '"
                + odd
                + "', kafka_ssl_ca_location = '"
                + certificate.certificateFile()
                + "'");
        sql(port, "CREATE TABLE to_" + name + " (id Int64) ENGINE = MergeTree ORDER BY id");
        sql(
            port,
            "CREATE MATERIALIZED VIEW v_" + name + " TO to_" + name + " AS SELECT id FROM " + name);
        await(port, "SELECT sum(id) FROM to_" + name, "7");
        assertThat(sql(port, "SHOW CREATE TABLE " + name))
            .contains("[HIDDEN]", "kafka_sasl_username")
            .doesNotContain("odd");
        assertThat(
                sql(
                    port,
                    "SELECT create_table_query FROM system.tables WHERE name = '" + name + "'"))
            .doesNotContain("odd");
        assertThat(
                sql(port, "SELECT query FROM system.query_log WHERE query LIKE 'CREATE TABLE q%'"))
            .doesNotContain("odd");
      }
    }
  }

  @Test
  void recordsOfAnotherClusterGoThroughTheViews() throws Exception {
    send(0, 300);
    try (VarveServer server = open("inside")) {
      int port = server.httpPort();
      createTables(port, "");
      await(port, "SELECT count(*) FROM clicks", "300");
      send(300, 400);
      await(port, "SELECT count(*) FROM clicks", "400");
      assertThat(
              sql(
                  port,
                  "SELECT count(DISTINCT id), countIf(k = 'k' || toString(id)), countIf(o = id DIV"
                      + " 3), countIf(p = id % 3) FROM clicks FORMAT CSV"))
          .isEqualTo("400,400,400,400");
      assertThat(sql(port, "SELECT count(*) FROM queue")).isEqualTo("0");
      await(
          port,
          "SELECT sum(current_offset), sum(records), max(last_error), count(*) FROM"
              + " system.kafka_consumers FORMAT CSV",
          "400,400,\"\",3");
      await(
          outside.httpPort(),
          "SELECT sum(committed_offset), sum(lag) FROM system.consumer_groups WHERE group_id ="
              + " 'readers' FORMAT CSV",
          "400,0");
      assertThat(sql(port, "SHOW CREATE TABLE queue FORMAT TSVRaw"))
          .contains("ENGINE = Kafka")
          .contains("kafka_topic_list = 'clicks'");
      sql(port, "DROP TABLE pump");
      send(400, 410);
      sql(
          port,
          "CREATE MATERIALIZED VIEW pump TO clicks AS SELECT id, _key AS k, _offset AS o,"
              + " _partition AS p FROM queue");
      await(port, "SELECT count(*), count(DISTINCT id) FROM clicks FORMAT CSV", "410,410");
    }
    send(410, 500);
    try (VarveServer server = open("inside")) {
      await(
          server.httpPort(),
          "SELECT count(*), count(DISTINCT id) FROM clicks FORMAT CSV",
          "500,500");
    }
  }

  @Test
  void aRecordThatDoesNotFitStopsItsPartitionOrIsKeptApart() throws Exception {
    send(0, 3);
    producer.send(new ProducerRecord<>("clicks", 1, "bad", "{\"id\":\"one\"}")).get();
    send(3, 6);
    try (VarveServer server = open("inside")) {
      int port = server.httpPort();
      createTables(port, "");
      await(port, "SELECT count(*) FROM clicks", "5"); // all but the bad one and the one behind it
      await(
          port,
          "SELECT partition, current_offset, last_error LIKE '%column \"id\"%' FROM"
              + " system.kafka_consumers WHERE last_error <> '' FORMAT CSV",
          "1,1,true");
      sql(port, "ALTER TABLE queue MODIFY SETTING bad_records = 'dead_letter'");
      await(port, "SELECT count(*), count(DISTINCT id) FROM clicks FORMAT CSV", "6,6");
      assertThat(
              sql(
                  port,
                  "SELECT topic, partition, \"offset\", key FROM system.dead_letters FORMAT CSV"))
          .isEqualTo("\"clicks\",1,1,\"bad\"");
    }
  }

  @Test
  void aKilledServerReadsEachRecordOnce() throws Exception {
    Path data = directory.resolve("killed");
    int sent = 0;
    for (int life = 0; life < 3; life++) {
      Process process = start(data);
      try {
        int port = port(process);
        if (life == 0) {
          createTables(port, ", kafka_max_block_size = 50");
        }
        for (int i = 0; i < 5; i++) {
          send(sent, sent + 300);
          sent += 300;
        }
        // Somewhere in the middle of it.
        int enough = sent - 1_000;
        while (Integer.parseInt(sql(port, "SELECT count(*) FROM clicks")) < enough) {
          Thread.onSpinWait();
        }
      } finally {
        process.destroyForcibly().onExit().join();
      }
    }
    Process process = start(data);
    try {
      await(
          port(process),
          "SELECT count(*), count(DISTINCT id), max(id) FROM clicks FORMAT CSV",
          sent + "," + sent + "," + (sent - 1));
    } finally {
      process.destroyForcibly().onExit().join();
    }
  }

  private static Process start(Path data) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!flag.startsWith("-agentlib") && !flag.startsWith("-javaagent")) {
        command.add(flag);
      }
    }
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), Varve.class.getName(), "server"));
    command.addAll(List.of("--data", data.toString(), "--http-port", "0", "--kafka-port", "0"));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static int port(Process process) throws Exception {
    BufferedReader output = process.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher port = PORT.matcher(line);
      if (line.startsWith("varve ready") && port.find()) {
        return Integer.parseInt(port.group(1));
      }
    }
    throw new IllegalStateException("the server ended before it was ready");
  }
}
