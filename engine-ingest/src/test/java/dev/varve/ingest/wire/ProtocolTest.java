// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.ingest.log.Appended;
import dev.varve.ingest.log.Durability;
import dev.varve.ingest.log.LogSettings;
import dev.varve.ingest.log.MarkerLayout;
import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.wire.group.GroupSettings;
import dev.varve.ingest.wire.quota.ClientQuotas;
import dev.varve.storage.table.TableName;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class ProtocolTest {
  private static final Caller CALLER = new Caller("test", InetAddress.getLoopbackAddress());

  /// Whose answers may tell of members and groups that are not there.
  private static final Set<ApiKeys> MAY_FAIL =
      EnumSet.of(
          ApiKeys.CREATE_TOPICS,
          ApiKeys.JOIN_GROUP,
          ApiKeys.SYNC_GROUP,
          ApiKeys.HEARTBEAT,
          ApiKeys.LEAVE_GROUP,
          ApiKeys.OFFSET_DELETE,
          ApiKeys.DESCRIBE_GROUPS,
          ApiKeys.CONSUMER_GROUP_DESCRIBE,
          ApiKeys.DELETE_GROUPS,
          ApiKeys.ADD_PARTITIONS_TO_TXN,
          ApiKeys.ADD_OFFSETS_TO_TXN,
          ApiKeys.TXN_OFFSET_COMMIT,
          ApiKeys.DESCRIBE_TRANSACTIONS,
          ApiKeys.ELECT_LEADERS,
          ApiKeys.DESCRIBE_ACLS,
          ApiKeys.CREATE_ACLS,
          ApiKeys.DELETE_ACLS,
          ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
          ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
          ApiKeys.END_TXN);

  @TempDir Path directory;
  private OneTopic broker;
  private Protocol protocol;

  @BeforeEach
  void open() {
    broker = new OneTopic(open("topic"), open("offsets"), open("transactions"));
    ClientQuotas quotas = new ClientQuotas(directory);
    protocol = new Protocol(broker, System::nanoTime, GroupSettings.defaults(), quotas, false);
  }

  private PartitionLog open(String name) {
    return PartitionLog.open(directory.resolve(name), LogSettings.defaults(), () -> 0, 0);
  }

  @AfterEach
  void close() {
    protocol.close();
    broker.log.close();
    broker.offsets.close();
    broker.transactions.close();
  }

  @Test
  void everyRefusalHasAnErrorOfTheProtocol() {
    for (Refusal refusal : Refusal.values()) {
      assertThat(WireErrors.error(refusal)).isNotNull();
    }
  }

  @Test
  void everyAdvertisedVersionIsAnsweredInThatVersion() throws Exception {
    for (Map.Entry<ApiKeys, int[]> entry : protocol.answered().entrySet()) {
      for (int v = entry.getValue()[0]; v <= entry.getValue()[1]; v++) {
        for (boolean known : new boolean[] {true, false}) {
          short version = (short) v;
          AbstractResponse answer = askUntilLoaded(entry.getKey(), version, known);
          assertThat(answer.apiKey()).as(entry.getKey() + " " + v).isEqualTo(entry.getKey());
          boolean failed = answer.errorCounts().keySet().stream().anyMatch(e -> e != Errors.NONE);
          boolean mayFail = !known || MAY_FAIL.contains(entry.getKey());
          assertThat(failed && !mayFail)
              .as(entry.getKey() + " " + v + " " + answer.errorCounts())
              .isFalse();
        }
      }
    }
  }

  /// Clients ask again while the coordinator loads.
  private AbstractResponse askUntilLoaded(ApiKeys key, short version, boolean known)
      throws Exception {
    AbstractResponse answer = ask(key, version, known);
    while (answer.errorCounts().containsKey(Errors.COORDINATOR_LOAD_IN_PROGRESS)) {
      answer = ask(key, version, known);
    }
    return answer;
  }

  @Test
  @Timeout(60)
  void aProduceIsAnsweredInItsTimeThoughTheBatchCannotBeShown() throws Exception {
    broker.isStuck = true;
    AbstractResponse answer = ask(ApiKeys.PRODUCE, (short) 12, true);
    assertThat(answer.errorCounts()).containsOnlyKeys(Errors.REQUEST_TIMED_OUT);
  }

  @Test
  void aFetchThatWaitsIsAnsweredWhenTheBrokerStops() throws Exception {
    FetchRequestData fetch = (FetchRequestData) RequestBodies.of(ApiKeys.FETCH, (short) 12, true);
    fetch.setMaxWaitMs(600_000);
    RequestHeader header = new RequestHeader(ApiKeys.FETCH, (short) 12, "test", 7);
    Protocol.Reply reply = protocol.begin(request(header, fetch), CALLER);
    FutureTask<AbstractResponse> answer = new FutureTask<>(() -> decode(header, reply.await()));
    Thread client = Thread.ofPlatform().start(answer);
    while (client.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    broker.isStopping = true;
    protocol.close();
    assertThat(answer.get(60, TimeUnit.SECONDS).errorCounts()).containsOnlyKeys(Errors.NONE);
  }

  private AbstractResponse ask(ApiKeys key, short version, boolean known) throws Exception {
    RequestHeader header = new RequestHeader(key, version, "test", 7);
    ByteBuffer request = request(header, RequestBodies.of(key, version, known));
    return decode(header, protocol.begin(request, CALLER).await());
  }

  private static ByteBuffer request(RequestHeader header, ApiMessage message) {
    ByteBuffer body = MessageUtil.toByteBufferAccessor(message, header.apiVersion()).buffer();
    ByteBuffer head =
        MessageUtil.toByteBufferAccessor(header.data(), header.headerVersion()).buffer();
    ByteBuffer request = ByteBuffer.allocate(head.remaining() + body.remaining());
    return request.put(head).put(body).flip();
  }

  private static AbstractResponse decode(RequestHeader header, Protocol.Outgoing answer)
      throws IOException {
    Received client = new Received();
    answer.writeTo(client);
    ByteBuffer whole = client.bytes();
    assertThat(answer.bytes()).isEqualTo(whole.remaining());
    assertThat(whole.getInt()).isEqualTo(whole.remaining());
    return AbstractResponse.parseResponse(whole, header);
  }

  @Test
  void anUnknownVersionOfApiVersionsIsAnsweredWithTheListInVersion0() throws Exception {
    ByteBuffer request = ByteBuffer.allocate(14);
    request.putShort((short) 18).putShort((short) 99).putInt(5).putShort((short) -1);
    request.put((byte) 0).put((byte) 0).flip();
    RequestHeader header = new RequestHeader(ApiKeys.API_VERSIONS, (short) 0, "", 5);
    ApiVersionsResponse answer =
        (ApiVersionsResponse) decode(header, protocol.begin(request, CALLER).await());
    assertThat(answer.data().errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
    assertThat(answer.data().apiKeys()).hasSize(protocol.answered().size());
  }

  @Test
  void produceIsAdvertisedFromVersion0SoThatOldClientsKeepCompressing() throws Exception {
    ApiVersionsResponse answer = (ApiVersionsResponse) ask(ApiKeys.API_VERSIONS, (short) 3, true);
    assertThat(answer.apiVersion(ApiKeys.PRODUCE.id).minVersion()).isZero();
    assertThat(answer.apiVersion(ApiKeys.PRODUCE.id).maxVersion()).isEqualTo((short) 13);
    assertThat(answer.apiVersion(ApiKeys.SHARE_FETCH.id)).isNull();
  }

  @Test
  void requestsWithoutAHandlerAreRefused() {
    ByteBuffer request = ByteBuffer.allocate(10);
    request.putShort(ApiKeys.CREATE_DELEGATION_TOKEN.id).putShort((short) 1);
    request.putInt(1).putShort((short) -1);
    assertThatThrownBy(() -> protocol.begin(request.flip(), CALLER))
        .isInstanceOf(MalformedRequestException.class)
        .hasMessageContaining("CREATE_DELEGATION_TOKEN");
  }

  /// A broker with one topic of one partition.
  private static final class OneTopic implements BrokerOperations {
    static final Topic TOPIC = new Topic(new UUID(5, 6), "topic", 1, "", Map.of());
    private final PartitionLog log;
    private final PartitionLog offsets;
    private final PartitionLog transactions;
    private volatile boolean isStopping;
    private volatile boolean isStuck;

    OneTopic(PartitionLog log, PartitionLog offsets, PartitionLog transactions) {
      this.log = log;
      this.offsets = offsets;
      this.transactions = transactions;
    }

    @Override
    public CompletableFuture<Appended> endTransaction(
        Topic topic, int partition, long producerId, short epoch, boolean commit) {
      byte[] marker = MarkerLayout.marker(producerId, epoch, commit, 0);
      return appendInternal(topic, partition, marker, 0, marker.length);
    }

    @Override
    public Collection<Topic> existingTopics() {
      return topics();
    }

    @Override
    public Topic internalTopic(String name, int partitions, Map<String, String> config) {
      return new Topic(new UUID(9, 9), name, 1, "", config);
    }

    @Override
    public CompletableFuture<Appended> appendInternal(
        Topic topic, int partition, byte[] bytes, int from, int to) {
      Appended appended = log(topic, partition).append(bytes, from, to - from);
      log(topic, partition).commit(appended);
      return CompletableFuture.completedFuture(appended);
    }

    @Override
    public Node node(boolean encrypted) {
      return new Node(1, "localhost", encrypted ? 9093 : 9092);
    }

    @Override
    public int nodeId() {
      return 1;
    }

    @Override
    public String clusterId() {
      return "cluster";
    }

    @Override
    public Collection<Topic> topics() {
      return List.of(TOPIC);
    }

    @Override
    public Optional<Topic> topic(String name) {
      return Optional.of(TOPIC).filter(t -> t.name().equals(name));
    }

    @Override
    public Optional<Topic> topic(UUID id) {
      return Optional.of(TOPIC).filter(t -> t.id().equals(id));
    }

    @Override
    public int delayMillis(Topic asked) {
      return 0;
    }

    @Override
    public TableName grantedAs(Topic asked) {
      return Topic.tableNamed(asked.name());
    }

    @Override
    public Optional<Topic> topicOrNew(String name) {
      return topic(name);
    }

    @Override
    public Topic createTopic(
        String name, int partitions, Map<String, String> config, boolean validateOnly) {
      if (name.equals("topic")) {
        throw new RefusedException(Refusal.TOPIC_ALREADY_EXISTS, "exists");
      }
      return new Topic(new UUID(7, 8), name, partitions, "", config);
    }

    @Override
    public void deleteTopic(Topic topic) {}

    @Override
    public PartitionLog log(Topic topic, int partition) {
      if (topic.isInternal()) {
        return topic.name().equals(Topic.OFFSETS) ? offsets : transactions;
      }
      return log;
    }

    @Override
    public void addPartitions(Topic topic, int total, boolean validateOnly) {}

    @Override
    public void alterConfig(Topic topic, Map<String, String> config, boolean validateOnly) {}

    @Override
    public long deleteRecords(Topic topic, int partition, long before) {
      return 0;
    }

    @Override
    public String logDirectory() {
      return "/topics";
    }

    @Override
    public Map<String, String> config(Topic topic) {
      return Map.of("retention.ms", "1");
    }

    @Override
    public Map<String, String> brokerConfig() {
      return Map.of("message.max.bytes", "1");
    }

    @Override
    public CompletableFuture<Appended> produce(
        Topic topic, int partition, byte[] bytes, int from, int to, Durability durability) {
      Appended at = log.append(bytes, from, to - from);
      return isStuck ? new CompletableFuture<>() : CompletableFuture.completedFuture(at);
    }

    @Override
    public long newProducerId() {
      return 1;
    }

    @Override
    public boolean isStopping() {
      return isStopping;
    }
  }
}
