// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.test.SelfSigned;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import javax.net.ssl.SSLSocket;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that encrypt, beside those that do not.
final class TlsTest {
  @TempDir Path directory;
  private SelfSigned certificate;
  private BrokerHarness server;

  @BeforeEach
  void makeCertificate() throws Exception {
    certificate = SelfSigned.in(directory);
  }

  private void open(BrokerSettings settings) throws Exception {
    server = new BrokerHarness(settings.withTls(certificate.context(), 0), directory);
  }

  private BrokerSettings settings() {
    return BrokerSettings.of(directory.resolve("log"), "127.0.0.1", 0);
  }

  @AfterEach
  void close() {
    server.close();
    assertThat(server.broker().lastDefect()).isNull();
  }

  private String address() {
    return "127.0.0.1:" + server.broker().tlsPort();
  }

  private Map<String, Object> client(String protocol) throws Exception {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", address());
    config.put("security.protocol", protocol);
    config.put("ssl.truststore.type", "PEM");
    config.put("ssl.truststore.location", certificate.certificateFile().toString());
    return config;
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void recordsGoBothWays(String version) throws Exception {
    open(settings());
    Map<String, Object> config = client("SSL");
    config.put("ssl.enabled.protocols", version);
    config.put("ssl.protocol", version);
    List<byte[]> values = new ArrayList<>();
    Random random = new Random(5);
    for (int i = 0; i < 400; i++) {
      byte[] value = new byte[random.nextInt(20_000)];
      random.nextBytes(value);
      values.add(value);
    }
    try (Admin admin = Admin.create(config);
        Producer<byte[], byte[]> producer = StockClientTest.producer(address(), config)) {
      admin.createTopics(List.of(new NewTopic("notes", 1, (short) 1))).all().get();
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      values.forEach(value -> sent.add(producer.send(new ProducerRecord<>("notes", value))));
      for (Future<RecordMetadata> each : sent) {
        each.get();
      }
    }
    assertThat(read(config, values.size())).containsExactlyElementsOf(values);
    Map<String, Object> plain = Map.of("bootstrap.servers", server.address());
    assertThat(read(plain, values.size())).containsExactlyElementsOf(values);
  }

  private static List<byte[]> read(Map<String, Object> config, int count) {
    List<byte[]> values = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition("notes", 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (values.size() < count) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(30))) {
          values.add(record.value());
        }
      }
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "SCRAM-SHA-512"})
  void usersLogInBehindTheEncryption(String mechanism) throws Exception {
    open(settings().withUsers(new SaslTest.Ada()));
    Map<String, Object> config = client("SASL_SSL");
    config.putAll(SaslTest.credentials(mechanism, "ada", "engine"));
    try (Admin admin = Admin.create(config)) {
      admin.createTopics(List.of(new NewTopic("notes", 1, (short) 1))).all().get();
      assertThat(admin.listTopics().names().get()).containsExactly("notes");
    }
    config.putAll(SaslTest.credentials(mechanism, "ada", "guess"));
    try (Admin admin = Admin.create(config)) {
      assertThatThrownBy(() -> admin.listTopics().names().get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(SaslAuthenticationException.class);
    }
  }

  @Test
  void aClientThatDoesNotTrustUsGoesAndOthersStay() throws Exception {
    open(settings());
    Map<String, Object> config = client("SSL");
    SelfSigned other = SelfSigned.in(directory.resolve("other"));
    config.put("ssl.truststore.location", other.certificateFile().toString());
    try (Admin admin = Admin.create(config)) {
      assertThatThrownBy(() -> admin.listTopics().names().get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(SslAuthenticationException.class);
    }
    try (Admin admin = Admin.create(client("SSL"))) {
      assertThat(admin.listTopics().names().get()).isEmpty();
    }
  }

  @Test
  void bytesThatAreNoTlsEndTheirConnectionAndAreCounted() throws Exception {
    open(settings());
    try (Socket socket = new Socket("127.0.0.1", server.broker().tlsPort())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readAllBytes();
    }
    assertThat(server.broker().metrics()).containsEntry("kafka_connections_refused_tls", 1L);
  }

  @Test
  void aSecondHandshakeEndsTheConnection() throws Exception {
    open(settings());
    try (SSLSocket socket =
        (SSLSocket)
            certificate
                .context()
                .getSocketFactory()
                .createSocket("127.0.0.1", server.broker().tlsPort())) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.startHandshake();
      socket.startHandshake();
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(java.io.IOException.class);
    }
  }
}
