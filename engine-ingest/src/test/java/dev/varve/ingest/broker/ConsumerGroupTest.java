// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.ingest.broker.Member.Goodbye;
import dev.varve.ingest.wire.group.GroupSettings;
import dev.varve.test.Randomized;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Who owns which partitions after members come, go and die, with stock consumers.
final class ConsumerGroupTest {
  private static final String TOPIC = "clicks";
  private static final int PARTITIONS = 4;

  /// The ways of a Java consumer to share partitions.
  enum Sharing {
    RANGE(Map.of("partition.assignment.strategy", RangeAssignor.class.getName())),
    COOPERATIVE(Map.of("partition.assignment.strategy", CooperativeStickyAssignor.class.getName())),
    NEW_PROTOCOL(Map.of("group.protocol", "consumer"));

    private final Map<String, Object> config;

    Sharing(Map<String, Object> config) {
      this.config = config;
    }

    Map<String, Object> with(String name, Object value) {
      Map<String, Object> all = new HashMap<>(config);
      all.put(name, value);
      return all;
    }
  }

  @TempDir Path directory;
  private BrokerHarness server;
  private String address;

  @BeforeEach
  void open() throws Exception {
    open(0);
    try (Admin admin = admin()) {
      admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
    }
  }

  private void open(int port) throws IOException {
    // Sessions of the new protocol are set on the server; this is the shortest that tests can bear.
    GroupSettings groups = new GroupSettings(50, 1_000, 3_000, 200, 60);
    BrokerSettings settings =
        BrokerSettings.of(directory.resolve("log"), "127.0.0.1", port).withGroups(groups);
    server = new BrokerHarness(settings, directory);
    address = server.address();
  }

  @AfterEach
  void close() {
    server.close();
    assertThat(server.broker().lastDefect()).isNull();
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", address));
  }

  private Member member(Sharing sharing) {
    return new Member(address, "group", sharing.config, TOPIC);
  }

  /// Sends records `from` to `to`, one partition after another.
  private void send(int from, int to) throws Exception {
    try (Producer<byte[], byte[]> producer = StockClientTest.producer(address, Map.of())) {
      for (int i = from; i < to; i++) {
        byte[] value = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(TOPIC, i % PARTITIONS, null, value));
      }
    }
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }

  private static List<String> read(Member... members) {
    List<String> all = new ArrayList<>();
    for (Member member : members) {
      all.addAll(member.values());
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void membersShareTheTopicAndOneThatLeavesPassesItsPartOn(Sharing sharing) throws Exception {
    try (Member first = member(sharing)) {
      send(0, 40);
      first.await(m -> m.owned().size() == 4 && m.values().size() == 40);
      try (Member second = member(sharing)) {
        second.await(m -> m.owned().size() == 2);
        first.await(m -> m.owned().size() == 2);
        assertThat(first.owned()).doesNotContainAnyElementsOf(second.owned());
        send(40, 80);
        first.await(m -> read(first, second).size() >= 80);
        second.await(m -> read(first, second).size() >= 80);
        second.end(Goodbye.LEAVE);
        first.await(m -> m.owned().size() == 4);
        send(80, 120);
        first.await(m -> read(first, second).size() >= 120);
        assertThat(read(first, second)).containsExactlyInAnyOrderElementsOf(numbers(0, 120));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"COOPERATIVE", "NEW_PROTOCOL"})
  void onlyWhatMovesIsRevoked(Sharing sharing) {
    try (Member first = member(sharing)) {
      first.await(m -> m.owned().size() == 4);
      try (Member second = member(sharing)) {
        second.await(m -> m.owned().size() == 2);
        first.await(m -> m.owned().size() == 2);
        assertThat(first.everRevoked()).containsExactlyInAnyOrderElementsOf(second.owned());
        assertThat(first.everAssigned()).hasSize(4);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatADeadMemberOwnedPassesOnAfterItsSession(Sharing sharing) throws Exception {
    Map<String, Object> config =
        sharing == Sharing.NEW_PROTOCOL
            ? sharing.config
            : sharing.with("session.timeout.ms", "2000");
    try (Member first = new Member(address, "group", config, TOPIC);
        Member second = new Member(address, "group", config, TOPIC)) {
      first.await(m -> m.owned().size() == 2);
      second.await(m -> m.owned().size() == 2);
      second.end(Goodbye.VANISH);
      send(0, 40);
      first.await(m -> m.owned().size() == 4 && m.values().size() == 40);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStaticMemberThatIsBackInTimeGetsItsOwnWithoutRebalance(Sharing sharing) {
    Map<String, Object> config = sharing.with("group.instance.id", "desk-1");
    try (Member other = member(sharing)) {
      Member desk = new Member(address, "group", config, TOPIC);
      desk.await(m -> m.owned().size() == 2);
      other.await(m -> m.owned().size() == 2);
      Set<Integer> before = desk.owned();
      int revoked = other.everRevoked().size();
      desk.end(Goodbye.VANISH);
      try (Member back = new Member(address, "group", config, TOPIC)) {
        back.await(m -> m.owned().size() == 2);
        assertThat(back.owned()).isEqualTo(before);
        assertThat(other.everRevoked()).hasSize(revoked);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStaticMemberThatIsLateFindsItsPartWithOthersAndSharesAgain(Sharing sharing) {
    Map<String, Object> config = sharing.with("group.instance.id", "desk-1");
    if (sharing != Sharing.NEW_PROTOCOL) {
      config.put("session.timeout.ms", "1500");
    }
    try (Member other = member(sharing)) {
      Member desk = new Member(address, "group", config, TOPIC);
      desk.await(m -> m.owned().size() == 2);
      other.await(m -> m.owned().size() == 2);
      desk.end(Goodbye.VANISH);
      other.await(m -> m.owned().size() == 4);
      try (Member back = new Member(address, "group", config, TOPIC)) {
        back.await(m -> m.owned().size() == 2);
        other.await(m -> m.owned().size() == 2);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChangedSubscriptionIsAssignedAnew(Sharing sharing) throws Exception {
    try (Admin admin = admin();
        Member member = member(sharing)) {
      admin.createTopics(List.of(new NewTopic("views", 6, (short) 1))).all().get();
      member.await(m -> m.owned().size() == 4);
      member.subscribe("views");
      member.await(m -> m.owned().equals(Set.of(0, 1, 2, 3, 4, 5)));
    }
  }

  /// Members come, go, die and change while records flow. Each record is read, and a second time
  /// only in a partition whose owner died before it committed.
  @Randomized(times = 1)
  void underTrafficNobodyReadsTwiceButWhatADeadMemberLeft(RandomGenerator random) throws Exception {
    story(Sharing.COOPERATIVE, 0, random);
    story(Sharing.NEW_PROTOCOL, 10_000, random);
  }

  private void story(Sharing sharing, int first, RandomGenerator random) throws Exception {
    Map<String, Object> config = new HashMap<>(sharing.config);
    if (sharing != Sharing.NEW_PROTOCOL) {
      config.put("session.timeout.ms", "2000");
    }
    List<Member> all = new ArrayList<>();
    List<Member> alive = new ArrayList<>();
    Set<Integer> orphaned = new HashSet<>();
    int sent = first;
    try {
      for (int step = 0; step < 6; step++) {
        if (alive.size() < 2 || random.nextInt(3) == 0) {
          alive.add(new Member(address, "story-" + sharing, config, TOPIC));
          all.add(alive.getLast());
        } else {
          orphaned.addAll(ended(alive.remove(random.nextInt(alive.size())), random.nextBoolean()));
        }
        send(sent, sent + 40);
        sent += 40;
        List<String> expected = numbers(first, sent);
        alive
            .getFirst()
            .await(_ -> new HashSet<>(read(all.toArray(Member[]::new))).containsAll(expected));
      }
    } finally {
      alive.forEach(Member::close);
    }
    Map<Integer, Integer> times = new HashMap<>();
    read(all.toArray(Member[]::new))
        .forEach(value -> times.merge(Integer.parseInt(value), 1, Integer::sum));
    times.forEach((value, count) -> {
      if (value >= first && !orphaned.contains(value % PARTITIONS)) {
        assertThat(count).as(sharing + " " + value).isEqualTo(1);
      }
    });
  }

  /// Ends a member; where it dies, what it owned when it did is read again by others.
  private static Set<Integer> ended(Member member, boolean dies) {
    Set<Integer> owned = member.owned();
    int before = member.everAssigned().size();
    member.end(dies ? Goodbye.VANISH : Goodbye.LEAVE);
    List<Integer> assigned = member.everAssigned();
    owned.addAll(assigned.subList(before, assigned.size()));
    return dies ? owned : Set.of();
  }

  @ParameterizedTest
  @EnumSource
  void partitionsThatAreAddedFindAnOwner(Sharing sharing) throws Exception {
    try (Admin admin = admin();
        Member member = member(sharing)) {
      member.await(m -> m.owned().size() == 4);
      admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(6))).all().get();
      member.await(m -> m.owned().equals(Set.of(0, 1, 2, 3, 4, 5)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aGroupGoesOnWhenTheCoordinatorRestarts(Sharing sharing) throws Exception {
    try (Member first = member(sharing);
        Member second = member(sharing)) {
      first.await(m -> m.owned().size() == 2);
      second.await(m -> m.owned().size() == 2);
      send(0, 40);
      first.await(m -> read(first, second).size() >= 40);
      second.await(m -> read(first, second).size() >= 40);
      int port = server.broker().port();
      server.close();
      open(port);
      send(40, 80);
      first.await(m -> read(first, second).size() >= 80);
      second.await(m -> read(first, second).size() >= 80);
      assertThat(read(first, second)).containsAll(numbers(0, 80));
      second.await(m -> m.owned().size() == 2);
      first.await(m -> m.owned().size() == 2);
      assertThat(first.owned()).doesNotContainAnyElementsOf(second.owned());
    }
  }

  @ParameterizedTest
  @EnumSource
  void offsetsSurviveARestart(Sharing sharing) throws Exception {
    send(0, 40);
    Member before = member(sharing);
    before.await(m -> m.values().size() == 40);
    before.end(Goodbye.LEAVE);
    server.close();
    open(0);
    send(40, 44);
    try (Member after = member(sharing)) {
      after.await(m -> m.values().size() >= 4);
      assertThat(after.values()).containsExactlyInAnyOrderElementsOf(numbers(40, 44));
    }
  }

  @Test
  void tablesAreReadByGroupsToo() throws Exception {
    server.createTable("events", "MergeTree", Map.of("shards", "2"), "id", "UInt64");
    try (Producer<byte[], byte[]> producer = StockClientTest.producer(address, Map.of())) {
      for (int i = 0; i < 10; i++) {
        byte[] row = ("{\"id\":" + i + "}").getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>("events", i % 2, null, row)).get();
      }
    }
    for (Sharing sharing : Sharing.values()) {
      try (Member member = new Member(address, sharing.name(), sharing.config, "events")) {
        member.await(m -> m.values().size() == 10);
      }
    }
  }

  @Test
  void administratorsSeeGroupsAndTheirOffsets() throws Exception {
    send(0, 40);
    try (Admin admin = admin();
        Member classic = new Member(address, "classic", Sharing.RANGE.config, TOPIC);
        Member modern = new Member(address, "modern", Sharing.NEW_PROTOCOL.config, TOPIC)) {
      classic.await(m -> m.values().size() == 40);
      modern.await(m -> m.values().size() == 40);
      assertThat(admin.listGroups().all().get())
          .extracting(g -> g.groupId())
          .containsExactlyInAnyOrder("classic", "modern");
      Map<String, ConsumerGroupDescription> described =
          admin.describeConsumerGroups(List.of("classic", "modern")).all().get();
      for (ConsumerGroupDescription group : described.values()) {
        assertThat(group.groupState()).isEqualTo(GroupState.STABLE);
        assertThat(group.members()).hasSize(1);
        assertThat(group.members().iterator().next().assignment().topicPartitions()).hasSize(4);
      }
      classic.end(Goodbye.LEAVE);
      modern.end(Goodbye.LEAVE);
      for (String group : List.of("classic", "modern")) {
        Map<TopicPartition, OffsetAndMetadata> offsets =
            admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        assertThat(offsets.values()).extracting(OffsetAndMetadata::offset).containsOnly(10L);
      }
      TopicPartition zero = new TopicPartition(TOPIC, 0);
      admin
          .alterConsumerGroupOffsets("classic", Map.of(zero, new OffsetAndMetadata(3)))
          .all()
          .get();
      admin.deleteConsumerGroupOffsets("classic", Set.of(new TopicPartition(TOPIC, 1))).all().get();
      Map<TopicPartition, OffsetAndMetadata> changed =
          admin.listConsumerGroupOffsets("classic").partitionsToOffsetAndMetadata().get();
      assertThat(changed.get(zero).offset()).isEqualTo(3);
      assertThat(changed).hasSize(3);
      admin.deleteConsumerGroups(List.of("classic", "modern")).all().get();
      assertThat(admin.listGroups().all().get()).isEmpty();
    }
  }

  @Test
  void nobodyButTheBrokerWritesToItsOwnTopic() throws Exception {
    try (Member member = member(Sharing.RANGE)) {
      member.await(m -> m.owned().size() == 4);
    }
    try (Admin admin = admin();
        Producer<byte[], byte[]> producer = StockClientTest.producer(address, Map.of())) {
      assertThat(admin.listTopics().names().get()).doesNotContain("__consumer_offsets");
      assertThatThrownBy(
              () -> producer.send(new ProducerRecord<>("__consumer_offsets", new byte[1])).get())
          .hasMessageContaining("only the broker itself");
      assertThatThrownBy(() -> admin.deleteTopics(List.of("__consumer_offsets")).all().get())
          .hasMessageContaining("the broker's own");
    }
  }
}
