// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.varve.merge.access.AccessControl;
import dev.varve.merge.access.Privilege;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Users and their rights by Kafka's own console tools: a broker that has none yet is given the
/// first one, and from then on asks.
final class KafkaUserToolsTest {
  private static final String ACLS = "org.apache.kafka.tools.AclCommand";
  private static final String CONFIGS = "kafka.admin.ConfigCommand";

  @TempDir Path directory;

  @Test
  void usersAreMadeAndGivenRights() throws Exception {
    KafkaTools.assumeThere();
    AccessControl control = AccessControl.open(directory, InstantSource.system());
    try (BrokerHarness server =
        new BrokerHarness(
            BrokerSettings.of(directory.resolve("log"), "127.0.0.1", 0)
                .withUsers(new KnownUsers(control)),
            directory)) {
      KafkaTools tools = new KafkaTools(directory, server.address());
      user(tools, "root", "");
      String root = properties("root");
      user(tools, "ann", root);
      assertThat(
              tools.run(
                  CONFIGS,
                  "--command-config",
                  root,
                  "--describe",
                  "--entity-type",
                  "users",
                  "--entity-name",
                  "ann"))
          .contains("SCRAM-SHA-256=iterations=8192", "SCRAM-SHA-512=iterations=4096");
      String[] rights = {
        "--command-config", root, "--allow-principal", "User:ann", "--topic", "t", "--producer"
      };
      tools.run(ACLS, with(rights, "--add"));
      assertThat(tools.run(ACLS, "--command-config", root, "--list", "--topic", "t"))
          .contains("principal=User:ann", "operation=WRITE", "operation=DESCRIBE")
          .contains("operation=CREATE");
      tools.run(
          ACLS,
          "--command-config",
          root,
          "--add",
          "--allow-principal",
          "User:ann",
          "--topic",
          "t",
          "--group",
          "g",
          "--consumer");
      produceAndRead(tools);
      tools.run(ACLS, with(rights, "--remove", "--force"));
      assertThat(control.of("ann").allowsSomewhere(Privilege.INSERT)).isFalse();
      assertThat(control.of("ann").allowsSomewhere(Privilege.SELECT)).isTrue();
      assertThat(server.broker().lastDefect()).isNull();
    }
  }

  private void user(KafkaTools tools, String name, String as) throws Exception {
    String[] change = {
      "--alter",
      "--entity-type",
      "users",
      "--entity-name",
      name,
      "--add-config",
      "SCRAM-SHA-256=[iterations=8192,password=" + name + "],SCRAM-SHA-512=[password=" + name + "]"
    };
    String output =
        as.isEmpty()
            ? tools.run(CONFIGS, change)
            : tools.run(CONFIGS, with(change, "--command-config", as));
    assertThat(output).contains("Completed updating config for user " + name);
  }

  private void produceAndRead(KafkaTools tools) throws Exception {
    String ann = properties("ann");
    tools.run(
        "org.apache.kafka.tools.TopicCommand", "--command-config", ann, "--create", "--topic", "t");
    tools.run(
        Files.writeString(directory.resolve("line"), "hello\n"),
        "org.apache.kafka.tools.ConsoleProducer",
        "--command-config",
        ann,
        "--topic",
        "t");
    assertThat(
            tools.run(
                "org.apache.kafka.tools.consumer.ConsoleConsumer",
                "--command-config",
                ann,
                "--topic",
                "t",
                "--group",
                "g",
                "--from-beginning",
                "--max-messages",
                "1"))
        .contains("hello");
  }

  private static String[] with(String[] some, String... more) {
    String[] all = java.util.Arrays.copyOf(some, some.length + more.length);
    System.arraycopy(more, 0, all, some.length, more.length);
    return all;
  }

  private String properties(String user) throws Exception {
    return Files.writeString(
            directory.resolve(user + ".properties"),
            "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config="
                + "org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
                + user
                + "\" password=\""
                + user
                + "\";\n")
        .toString();
  }
}
