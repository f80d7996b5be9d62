// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.ingest.wire.group.GroupSettings;
import dev.varve.storage.error.VarveException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How groups are run is a setting, beyond the bounds that Kafka gives by default too.
final class GroupSettingsTest {
  @TempDir Path directory;

  @Test
  void clientsAreToldAndGroupsFormUnderThem() throws Exception {
    BrokerSettings settings =
        BrokerSettings.of(directory.resolve("log"), "127.0.0.1", 0)
            .withGroups(new GroupSettings(0, 10, 90_000, 300, 5));
    try (BrokerHarness server = new BrokerHarness(settings, directory)) {
      server.createTable("events", "MergeTree", Map.of(), "id", "Int64", "name", "String");
      ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.address()))) {
        Config shown = admin.describeConfigs(List.of(broker)).all().get().get(broker);
        assertThat(shown.get("group.consumer.session.timeout.ms").value()).isEqualTo("90000");
        assertThat(shown.get("offsets.retention.minutes").value()).isEqualTo("5");
      }
      Map<String, Object> member =
          Map.of(
              "bootstrap.servers", server.address(), "group.id", "g", "group.protocol", "consumer");
      try (Consumer<byte[], byte[]> consumer =
          new KafkaConsumer<>(member, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        consumer.subscribe(List.of("events"));
        while (consumer.assignment().isEmpty()) {
          consumer.poll(Duration.ofMillis(50));
        }
        assertThat(consumer.assignment()).hasSize(1);
      }
    }
  }

  @Test
  void aSessionThatIsNoLongerThanAHeartbeatIsRefused() {
    assertThatThrownBy(() -> new GroupSettings(0, 10, 5_000, 5_000, 5))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("group.consumer.session.timeout.ms");
    assertThatThrownBy(() -> new GroupSettings(-1, 10, 6_000, 5_000, 5))
        .hasMessageContaining("group.initial.rebalance.delay.ms must be at least 0, found -1");
  }
}
