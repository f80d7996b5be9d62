// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.ingest.wire.Authenticator;
import dev.varve.merge.access.Access;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that say who they are, and those that do not.
final class SaslTest {
  @TempDir Path directory;
  private BrokerHarness server;

  /// Ada, and nobody else.
  static final class Ada implements Authenticator {
    @Override
    public boolean asks() {
      return true;
    }

    @Override
    public boolean accepts(String user, String password) {
      return user.equals("ada") && password.equals("engine");
    }

    @Override
    public Access access(String user) {
      return Access.EVERYTHING;
    }

    @Override
    public Optional<ScramSecret> scram(String mechanism, String user) {
      if (!user.equals("ada")) {
        return Optional.empty();
      }
      try {
        ScramCredential made =
            new ScramFormatter(ScramMechanism.forMechanismName(mechanism))
                .generateCredential("engine", 4096);
        return Optional.of(
            new ScramSecret(made.salt(), made.storedKey(), made.serverKey(), made.iterations()));
      } catch (java.security.NoSuchAlgorithmException e) {
        throw new AssertionError(e);
      }
    }
  }

  @BeforeEach
  void open() throws Exception {
    server =
        new BrokerHarness(
            BrokerSettings.of(directory.resolve("log"), "127.0.0.1", 0).withUsers(new Ada()),
            directory);
  }

  @AfterEach
  void close() {
    server.close();
    assertThat(server.broker().lastDefect()).isNull();
  }

  private Map<String, Object> login(String mechanism, String user, String password) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", server.address());
    config.put("security.protocol", "SASL_PLAINTEXT");
    config.put("max.block.ms", 10_000);
    config.putAll(credentials(mechanism, user, password));
    return config;
  }

  static Map<String, Object> credentials(String mechanism, String user, String password) {
    Map<String, Object> config = new HashMap<>();
    config.put("sasl.mechanism", mechanism);
    String module = mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
    config.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security."
            + module
            + " required username=\""
            + user
            + "\" password=\""
            + password
            + "\";");
    return config;
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
  void whoHasThePasswordComesIn(String mechanism) throws Exception {
    Map<String, Object> config = login(mechanism, "ada", "engine");
    try (Admin admin = Admin.create(config);
        Producer<byte[], byte[]> producer = StockClientTest.producer(server.address(), config)) {
      admin.createTopics(List.of(new NewTopic("notes", 1, (short) 1))).all().get();
      byte[] note = "note".getBytes(StandardCharsets.UTF_8);
      assertThat(producer.send(new ProducerRecord<>("notes", note)).get().offset()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
  void whoHasNotStaysOutside(String mechanism) {
    for (String user : List.of("ada", "bob")) {
      try (Admin admin = Admin.create(login(mechanism, user, "guess"))) {
        assertThatThrownBy(() -> admin.listTopics().names().get())
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(SaslAuthenticationException.class);
      }
    }
  }

  @Test
  void whoSaysNothingIsShownTheDoorAndCounted() {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers", server.address(),
            "request.timeout.ms", 1_000,
            "default.api.timeout.ms", 2_000);
    try (Admin admin = Admin.create(config)) {
      assertThatThrownBy(() -> admin.listTopics().names().get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(TimeoutException.class);
    }
    assertThat(server.broker().metrics().get("kafka_connections_refused_unauthenticated"))
        .isPositive();
  }
}
