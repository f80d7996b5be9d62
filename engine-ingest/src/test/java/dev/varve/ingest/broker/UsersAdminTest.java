// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.merge.access.AccessControl;
import dev.varve.merge.access.Grant;
import dev.varve.merge.access.Privilege;
import dev.varve.merge.access.User;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.ResourceNotFoundException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnacceptableCredentialException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Users, their credentials and their rights, managed by Kafka's own administration client.
final class UsersAdminTest {
  private static final String SHA_256 = "SCRAM-SHA-256";

  @TempDir Path directory;
  private AccessControl control;
  private BrokerHarness server;

  @BeforeEach
  void open() throws Exception {
    control = AccessControl.open(directory, InstantSource.system());
    server =
        new BrokerHarness(
            BrokerSettings.of(directory.resolve("log"), "127.0.0.1", 0)
                .withUsers(new KnownUsers(control)),
            directory);
  }

  @AfterEach
  void close() {
    server.close();
    assertThat(server.broker().lastDefect()).isNull();
  }

  private void addUser(String name, Privilege... privileges) {
    User user = new User(name, Optional.of(control.keep(name)), "", List.of());
    control.change(state -> state.with(user));
    for (Privilege privilege : privileges) {
      control.change(state -> state.with(new Grant(name, privilege, "", "", List.of(), true)));
    }
  }

  /// As a user whose password is the name.
  private Map<String, Object> as(String user) {
    return as("PLAIN", user, user);
  }

  private Map<String, Object> as(String mechanism, String user, String password) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", server.address());
    config.put("security.protocol", "SASL_PLAINTEXT");
    config.put("max.block.ms", 10_000);
    config.putAll(SaslTest.credentials(mechanism, user, password));
    return config;
  }

  private Admin admin(String user) {
    return Admin.create(as(user));
  }

  private void send(Map<String, Object> who, String topic) throws Exception {
    try (Producer<byte[], byte[]> producer = StockClientTest.producer(server.address(), who)) {
      producer.send(new ProducerRecord<>(topic, new byte[] {1})).get();
    }
  }

  private static AclBinding entry(
      ResourceType type,
      String name,
      PatternType pattern,
      String principal,
      AclOperation operation) {
    return new AclBinding(
        new ResourcePattern(type, name, pattern),
        new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW));
  }

  private static AclBinding topic(String name, String user, AclOperation operation) {
    return entry(ResourceType.TOPIC, name, PatternType.LITERAL, "User:" + user, operation);
  }

  private static Collection<AclBinding> of(Admin admin, String principal) throws Exception {
    List<AclBinding> found =
        new ArrayList<>(admin.describeAcls(AclBindingFilter.ANY).values().get());
    found.removeIf(binding -> !binding.entry().principal().equals(principal));
    return found;
  }

  @Test
  void theFirstCredentialMakesTheFirstUserWhoMayDoEverything() throws Exception {
    UserScramCredentialUpsertion first =
        new UserScramCredentialUpsertion(
            "root", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 8192), "secret");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.address()))) {
      admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
      admin.alterUserScramCredentials(List.of(first)).all().get();
    }
    send(as(SHA_256, "root", "secret"), "t");
    // The same password everywhere, though only keys for one mechanism were sent.
    send(as("PLAIN", "root", "secret"), "t");
    assertThat(control.of("root").allowsWhole(Privilege.ACCESS_MANAGEMENT, "", "")).isTrue();
    for (String mechanism : List.of(SHA_256, "SCRAM-SHA-512", "PLAIN")) {
      String password = mechanism.equals("SCRAM-SHA-512") ? "secret" : "guess";
      try (Admin admin = Admin.create(as(mechanism, "root", password))) {
        assertThatThrownBy(() -> admin.listTopics().names().get())
            .hasCauseInstanceOf(SaslAuthenticationException.class);
      }
    }
  }

  @Test
  void aCredentialThatIsGivenTakesThePlaceOfThePasswordOfSql() throws Exception {
    addUser("root", Privilege.values());
    addUser("ann", Privilege.INSERT, Privilege.CREATE);
    try (Admin admin = admin("root")) {
      admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
      assertThat(
              admin
                  .describeUserScramCredentials(List.of("ann"))
                  .all()
                  .get()
                  .get("ann")
                  .credentialInfos())
          .hasSize(2);
      admin
          .alterUserScramCredentials(
              List.of(
                  new UserScramCredentialUpsertion(
                      "ann", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), "new")))
          .all()
          .get();
      assertThat(
              admin
                  .describeUserScramCredentials(List.of("ann"))
                  .all()
                  .get()
                  .get("ann")
                  .credentialInfos())
          .containsExactly(new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096));
      send(as("SCRAM-SHA-512", "ann", "new"), "t");
      assertThat(new KnownUsers(control).accepts("ann", "ann")).isFalse();
      assertThat(new KnownUsers(control).accepts("ann", "new")).isTrue();
      // Kept, over a restart too.
      assertThat(AccessControl.open(directory, InstantSource.system()).scram("ann", 512))
          .isPresent();
      admin
          .alterUserScramCredentials(
              List.of(new UserScramCredentialDeletion("ann", ScramMechanism.SCRAM_SHA_512)))
          .all()
          .get();
      assertThat(new KnownUsers(control).accepts("ann", "new")).isFalse();
      assertThat(new KnownUsers(control).accepts("ann", "")).isFalse();
      assertThatThrownBy(
              () -> admin.describeUserScramCredentials(List.of("ann")).description("ann").get())
          .hasCauseInstanceOf(ResourceNotFoundException.class);
    }
  }

  @Test
  void credentialsThatAreNoneAreRefused() throws Exception {
    addUser("root", Privilege.values());
    addUser("ann");
    try (Admin admin = admin("root");
        Admin other = admin("ann")) {
      UserScramCredentialUpsertion weak =
          new UserScramCredentialUpsertion(
              "ann", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 1), "new");
      assertThatThrownBy(() -> admin.alterUserScramCredentials(List.of(weak)).all().get())
          .hasCauseInstanceOf(UnacceptableCredentialException.class)
          .hasMessageContaining("between 4096 and 16384 iterations");
      UserScramCredentialDeletion unknown =
          new UserScramCredentialDeletion("nobody", ScramMechanism.SCRAM_SHA_256);
      assertThatThrownBy(() -> admin.alterUserScramCredentials(List.of(unknown)).all().get())
          .hasCauseInstanceOf(ResourceNotFoundException.class);
      assertThatThrownBy(() -> other.alterUserScramCredentials(List.of(weak)).all().get())
          .hasCauseInstanceOf(ClusterAuthorizationException.class);
      assertThatThrownBy(() -> other.describeUserScramCredentials().all().get())
          .hasCauseInstanceOf(ClusterAuthorizationException.class);
    }
    assertThat(new KnownUsers(control).accepts("ann", "ann")).isTrue();
  }

  @Test
  void anEntryOfATopicIsAGrantOnItsTable() throws Exception {
    addUser("root", Privilege.values());
    addUser("ann");
    AclBinding write = topic("shop.orders", "ann", AclOperation.WRITE);
    try (Admin admin = admin("root")) {
      admin.createTopics(List.of(new NewTopic("shop.orders", 1, (short) 1))).all().get();
      assertThatThrownBy(() -> send(as("ann"), "shop.orders"))
          .hasRootCauseInstanceOf(TopicAuthorizationException.class);
      admin.createAcls(List.of(write)).all().get();
      send(as("ann"), "shop.orders");
      assertThat(control.of("ann").allowsWhole(Privilege.INSERT, "shop", "orders")).isTrue();
      assertThat(of(admin, "User:ann"))
          .contains(
              write,
              entry(
                  ResourceType.TRANSACTIONAL_ID,
                  "*",
                  PatternType.LITERAL,
                  "User:ann",
                  AclOperation.WRITE))
          .noneMatch(binding -> binding.pattern().resourceType() == ResourceType.GROUP);
      assertThat(admin.deleteAcls(List.of(write.toFilter())).all().get()).containsExactly(write);
      assertThat(of(admin, "User:ann")).isEmpty();
      assertThatThrownBy(() -> send(as("ann"), "shop.orders"))
          .hasRootCauseInstanceOf(TopicAuthorizationException.class);
    }
  }

  @Test
  void whatSqlGrantedIsShownAsEntries() throws Exception {
    addUser("root", Privilege.values());
    addUser("ann");
    control.change(state ->
        state
            .withRole("readers")
            .with(new Grant("ann", Privilege.ALTER, "shop", "", List.of(), false))
            .with(new Grant("ann", Privilege.SELECT, "default", "a", List.of("id"), false))
            .with(new Grant("readers", Privilege.SELECT, "default", "a", List.of(), false)));
    try (Admin admin = admin("root")) {
      ResourceType topic = ResourceType.TOPIC;
      assertThat(of(admin, "User:ann"))
          .filteredOn(binding -> binding.pattern().resourceType() == topic)
          .containsExactlyInAnyOrder(
              entry(topic, "shop.", PatternType.PREFIXED, "User:ann", AclOperation.ALTER),
              entry(topic, "shop.", PatternType.PREFIXED, "User:ann", AclOperation.ALTER_CONFIGS));
      assertThat(of(admin, "Role:readers"))
          .contains(entry(topic, "a", PatternType.LITERAL, "Role:readers", AclOperation.READ))
          .contains(
              entry(
                  ResourceType.GROUP, "*", PatternType.LITERAL, "Role:readers", AclOperation.READ));
      assertThat(of(admin, "User:root")).contains(topic("*", "root", AclOperation.DESCRIBE));
    }
  }

  @Test
  void oneGrantGoesAndWhatCoversItStays() throws Exception {
    addUser("root", Privilege.values());
    addUser("ann", Privilege.SELECT);
    try (Admin admin = admin("root")) {
      AclBinding one = topic("a", "ann", AclOperation.READ);
      admin.createAcls(List.of(one)).all().get();
      AclBinding all = topic("*", "ann", AclOperation.READ);
      admin.deleteAcls(List.of(all.toFilter())).all().get();
      assertThat(of(admin, "User:ann")).contains(one).doesNotContain(all);
    }
  }

  @Test
  void whatAGrantCannotSayIsRefusedWithTheReason() throws Exception {
    addUser("root", Privilege.values());
    addUser("ann");
    ResourceType topic = ResourceType.TOPIC;
    ResourcePattern a = new ResourcePattern(topic, "a", PatternType.LITERAL);
    Map<AclBinding, String> refused =
        Map.of(
            new AclBinding(
                a,
                new AccessControlEntry("User:ann", "*", AclOperation.READ, AclPermissionType.DENY)),
            "grants allow and never deny",
            new AclBinding(
                a,
                new AccessControlEntry(
                    "User:ann", "10.0.0.1", AclOperation.READ, AclPermissionType.ALLOW)),
            "from every host",
            topic("a", "bob", AclOperation.READ),
            "there is no User:bob",
            entry(topic, "a", PatternType.PREFIXED, "User:ann", AclOperation.READ),
            "a prefix must be the name of a database",
            topic("a", "ann", AclOperation.CLUSTER_ACTION),
            "no operation CLUSTER_ACTION",
            entry(ResourceType.GROUP, "g", PatternType.LITERAL, "User:ann", AclOperation.ALTER),
            "no right ALTER on GROUP",
            entry(
                ResourceType.CLUSTER,
                "kafka-cluster",
                PatternType.LITERAL,
                "User:ann",
                AclOperation.DESCRIBE),
            "GRANT SYSTEM");
    try (Admin admin = admin("root")) {
      refused.forEach((binding, why) ->
          assertThatThrownBy(() -> admin.createAcls(List.of(binding)).all().get())
              .as(binding.toString())
              .isInstanceOf(ExecutionException.class)
              .hasCauseInstanceOf(InvalidRequestException.class)
              .hasMessageContaining(why));
      // Groups are nobody's: this is taken, and gives no more than reading a topic does.
      admin
          .createAcls(
              List.of(
                  entry(
                      ResourceType.GROUP, "g", PatternType.LITERAL, "User:ann", AclOperation.READ)))
          .all()
          .get();
      assertThat(of(admin, "User:ann")).isEmpty();
    }
  }

  @Test
  void nobodyGivesWhatIsNotTheirsToGive() throws Exception {
    addUser("root", Privilege.values());
    addUser("ann", Privilege.SELECT);
    addUser("bob");
    try (Admin admin = admin("ann")) {
      admin.createAcls(List.of(topic("a", "bob", AclOperation.READ))).all().get();
      assertThatThrownBy(
              () -> admin.createAcls(List.of(topic("a", "bob", AclOperation.WRITE))).all().get())
          .hasCauseInstanceOf(ClusterAuthorizationException.class)
          .hasMessageContaining("may not grant INSERT");
      assertThatThrownBy(() -> admin.describeAcls(AclBindingFilter.ANY).values().get())
          .hasCauseInstanceOf(ClusterAuthorizationException.class);
      control.change(
          state -> state.with(new Grant("bob", Privilege.INSERT, "", "", List.of(), false)));
      assertThatThrownBy(() ->
              admin
                  .deleteAcls(List.of(topic("*", "bob", AclOperation.WRITE).toFilter()))
                  .all()
                  .get())
          .hasCauseInstanceOf(ClusterAuthorizationException.class);
    }
    assertThat(control.of("bob").allowsWhole(Privilege.INSERT, "", "")).isTrue();
  }

  @Test
  void aBrokerThatKnowsNoUsersSaysSo(@TempDir Path other) throws Exception {
    try (BrokerHarness open = new BrokerHarness(other);
        Admin admin = Admin.create(Map.of("bootstrap.servers", open.address()))) {
      assertThatThrownBy(() -> admin.describeAcls(AclBindingFilter.ANY).values().get())
          .hasCauseInstanceOf(SecurityDisabledException.class);
    }
  }
}
