// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.ingest.log.Appended;
import dev.varve.ingest.log.Batches;
import dev.varve.ingest.log.LogSettings;
import dev.varve.ingest.log.MarkerLayout;
import dev.varve.ingest.log.PartitionLog;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.wire.group.GroupSettings;
import java.io.ByteArrayOutputStream;
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
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
          ApiKeys.END_TXN);

  @TempDir Path directory;
  private OneTopic broker;
  private Protocol protocol;

  @BeforeEach
  void open() {
    broker = new OneTopic(open("topic"), open("offsets"), open("transactions"));
    protocol = new Protocol(broker, System::nanoTime, GroupSettings.defaults(), false);
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

  private AbstractResponse ask(ApiKeys key, short version, boolean known) throws Exception {
    RequestHeader header = new RequestHeader(key, version, "test", 7);
    ByteBuffer body = MessageUtil.toByteBufferAccessor(body(key, version, known), version).buffer();
    ByteBuffer head =
        MessageUtil.toByteBufferAccessor(header.data(), header.headerVersion()).buffer();
    ByteBuffer request = ByteBuffer.allocate(head.remaining() + body.remaining());
    request.put(head).put(body).flip();
    return decode(header, protocol.begin(request, CALLER).await());
  }

  private static AbstractResponse decode(RequestHeader header, ByteBuffer[] answer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (ByteBuffer buffer : answer) {
      byte[] piece = new byte[buffer.remaining()];
      buffer.get(piece);
      bytes.writeBytes(piece);
    }
    ByteBuffer whole = ByteBuffer.wrap(bytes.toByteArray());
    assertThat(whole.getInt()).isEqualTo(whole.remaining());
    return AbstractResponse.parseResponse(whole, header);
  }

  private ApiMessage body(ApiKeys key, short version, boolean known) {
    String name = known ? "topic" : "unknown";
    Uuid id = Ids.wire(known ? OneTopic.TOPIC.id() : new UUID(1, 1));
    return switch (key) {
      case API_VERSIONS ->
          new ApiVersionsRequestData().setClientSoftwareName("test").setClientSoftwareVersion("1");
      case METADATA -> {
        MetadataRequestData data = new MetadataRequestData();
        data.topics().add(new MetadataRequestTopic().setName(name));
        if (version >= 12) {
          data.topics().add(new MetadataRequestTopic().setName(null).setTopicId(id));
        }
        yield data;
      }
      case PRODUCE -> {
        byte[] batch = Batches.of("{}");
        PartitionProduceData partition =
            new PartitionProduceData()
                .setIndex(0)
                .setRecords(MemoryRecords.readableRecords(ByteBuffer.wrap(batch)));
        TopicProduceData topic = new TopicProduceData();
        if (version >= 13) {
          topic.setTopicId(id);
        } else {
          topic.setName(name);
        }
        topic.partitionData().add(partition);
        ProduceRequestData data = new ProduceRequestData().setAcks((short) -1);
        data.topicData().add(topic);
        yield data;
      }
      case FETCH -> {
        FetchTopic topic = new FetchTopic();
        if (version >= 13) {
          topic.setTopicId(id);
        } else {
          topic.setTopic(name);
        }
        topic.partitions().add(new FetchPartition().setPartition(0).setPartitionMaxBytes(100));
        FetchRequestData data = new FetchRequestData().setMaxWaitMs(0).setMinBytes(1);
        data.topics().add(topic);
        yield data;
      }
      case LIST_OFFSETS -> {
        ListOffsetsTopic topic = new ListOffsetsTopic().setName(name);
        for (long time : new long[] {-1, -2, 5}) {
          topic.partitions().add(new ListOffsetsPartition().setTimestamp(time));
        }
        ListOffsetsRequestData data = new ListOffsetsRequestData();
        data.topics().add(topic);
        yield data;
      }
      case CREATE_TOPICS -> {
        CreateTopicsRequestData data = new CreateTopicsRequestData();
        data.topics()
            .add(
                new CreatableTopic()
                    .setName(known ? "new" : "topic")
                    .setNumPartitions(1)
                    .setReplicationFactor((short) 1));
        yield data;
      }
      case DELETE_TOPICS -> {
        DeleteTopicsRequestData data = new DeleteTopicsRequestData();
        if (version >= 6) {
          data.topics().add(new DeleteTopicState().setName(name));
        } else {
          data.setTopicNames(List.of(name));
        }
        yield data;
      }
      case DESCRIBE_CONFIGS -> {
        DescribeConfigsRequestData data = new DescribeConfigsRequestData();
        data.resources()
            .add(
                new DescribeConfigsResource()
                    .setResourceType((byte) 2)
                    .setResourceName(name)
                    .setConfigurationKeys(null));
        yield data;
      }
      case INIT_PRODUCER_ID ->
          new InitProducerIdRequestData()
              .setTransactionalId(known ? null : "tx")
              .setTransactionTimeoutMs(1_000);
      case ADD_PARTITIONS_TO_TXN -> {
        AddPartitionsToTxnRequestData data =
            new AddPartitionsToTxnRequestData().setV3AndBelowTransactionalId("tx");
        data.v3AndBelowTopics()
            .add(new AddPartitionsToTxnTopic().setName(name).setPartitions(List.of(0)));
        yield data;
      }
      case ADD_OFFSETS_TO_TXN ->
          new AddOffsetsToTxnRequestData().setTransactionalId("tx").setGroupId("group");
      case END_TXN -> new EndTxnRequestData().setTransactionalId("tx");
      case TXN_OFFSET_COMMIT -> {
        TxnOffsetCommitRequestTopic topic =
            new TxnOffsetCommitRequestTopic()
                .setPartitions(
                    List.of(new TxnOffsetCommitRequestPartition().setCommittedOffset(5)));
        yield new TxnOffsetCommitRequestData()
            .setTransactionalId("tx")
            .setGroupId("group")
            .setTopics(List.of(version >= 6 ? topic.setTopicId(id) : topic.setName(name)));
      }
      case DESCRIBE_CLUSTER -> new DescribeClusterRequestData();
      case ALTER_CONFIGS -> {
        AlterConfigsRequestData data = new AlterConfigsRequestData();
        data.resources()
            .add(new AlterConfigsResource().setResourceType((byte) 2).setResourceName(name));
        yield data;
      }
      case INCREMENTAL_ALTER_CONFIGS -> {
        IncrementalAlterConfigsRequestData data = new IncrementalAlterConfigsRequestData();
        data.resources()
            .add(
                new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                    .setResourceType((byte) 2)
                    .setResourceName(name));
        yield data;
      }
      case CREATE_PARTITIONS -> {
        CreatePartitionsRequestData data = new CreatePartitionsRequestData();
        data.topics()
            .add(new CreatePartitionsTopic().setName(name).setCount(2).setAssignments(null));
        yield data;
      }
      case DELETE_RECORDS ->
          new DeleteRecordsRequestData()
              .setTopics(
                  List.of(
                      new DeleteRecordsTopic()
                          .setName(name)
                          .setPartitions(List.of(new DeleteRecordsPartition()))));
      case OFFSET_FOR_LEADER_EPOCH -> {
        OffsetForLeaderTopic topic = new OffsetForLeaderTopic().setTopic(name);
        topic.partitions().add(new OffsetForLeaderPartition());
        OffsetForLeaderEpochRequestData data = new OffsetForLeaderEpochRequestData();
        data.topics().add(topic);
        yield data;
      }
      case DESCRIBE_TOPIC_PARTITIONS ->
          new DescribeTopicPartitionsRequestData()
              .setTopics(List.of(new TopicRequest().setName(name)));
      case LIST_PARTITION_REASSIGNMENTS -> new ListPartitionReassignmentsRequestData();
      case DESCRIBE_LOG_DIRS -> new DescribeLogDirsRequestData().setTopics(null);
      case FIND_COORDINATOR -> {
        FindCoordinatorRequestData data =
            new FindCoordinatorRequestData().setKeyType((byte) (known || version < 1 ? 0 : 1));
        yield version < 4 ? data.setKey("group") : data.setCoordinatorKeys(List.of("group"));
      }
      case JOIN_GROUP -> {
        JoinGroupRequestData data =
            new JoinGroupRequestData()
                .setGroupId(version + "-" + known)
                .setSessionTimeoutMs(10_000)
                .setMemberId(known ? "" : "unknown")
                .setProtocolType("consumer");
        data.protocols().add(new JoinGroupRequestProtocol().setName("range"));
        yield data;
      }
      case SYNC_GROUP ->
          new SyncGroupRequestData()
              .setGroupId("group")
              .setMemberId("m")
              .setProtocolType("consumer")
              .setProtocolName("range");
      case HEARTBEAT -> new HeartbeatRequestData().setGroupId("group").setMemberId("m");
      case LEAVE_GROUP -> {
        LeaveGroupRequestData data = new LeaveGroupRequestData().setGroupId("group");
        if (version < 3) {
          data.setMemberId("m");
        } else {
          data.members().add(new MemberIdentity().setMemberId("m"));
        }
        yield data;
      }
      case OFFSET_COMMIT -> {
        OffsetCommitRequestTopic topic = new OffsetCommitRequestTopic();
        if (version >= 10) {
          topic.setTopicId(id);
        } else {
          topic.setName(name);
        }
        topic.partitions().add(new OffsetCommitRequestPartition().setCommittedOffset(5));
        OffsetCommitRequestData data = new OffsetCommitRequestData().setGroupId("simple");
        data.topics().add(topic);
        yield data;
      }
      case OFFSET_FETCH -> {
        if (version < 8) {
          yield new OffsetFetchRequestData()
              .setGroupId("simple")
              .setTopics(
                  List.of(
                      new OffsetFetchRequestTopic()
                          .setName(name)
                          .setPartitionIndexes(List.of(0))));
        }
        OffsetFetchRequestTopics topic =
            new OffsetFetchRequestTopics().setPartitionIndexes(List.of(0));
        yield new OffsetFetchRequestData()
            .setGroups(
                List.of(
                    new OffsetFetchRequestGroup()
                        .setGroupId("simple")
                        .setMemberEpoch(-1)
                        .setTopics(
                            List.of(version >= 10 ? topic.setTopicId(id) : topic.setName(name)))));
      }
      case OFFSET_DELETE -> {
        OffsetDeleteRequestTopic topic = new OffsetDeleteRequestTopic().setName(name);
        topic.partitions().add(new OffsetDeleteRequestPartition());
        OffsetDeleteRequestData data = new OffsetDeleteRequestData().setGroupId("simple");
        data.topics().add(topic);
        yield data;
      }
      case LIST_GROUPS -> new ListGroupsRequestData();
      case DESCRIBE_GROUPS -> new DescribeGroupsRequestData().setGroups(List.of("simple", "no"));
      case DELETE_GROUPS -> new DeleteGroupsRequestData().setGroupsNames(List.of("simple", "no"));
      case CONSUMER_GROUP_HEARTBEAT ->
          new ConsumerGroupHeartbeatRequestData()
              .setGroupId("new" + version)
              .setMemberId("member" + version)
              .setMemberEpoch(known ? 0 : 7)
              .setRebalanceTimeoutMs(10_000)
              .setSubscribedTopicNames(List.of("topic"))
              .setTopicPartitions(List.of());
      case CONSUMER_GROUP_DESCRIBE ->
          new ConsumerGroupDescribeRequestData().setGroupIds(List.of("new0", "no"));
      default -> throw new AssertionError("write a request of " + key + " for this test");
    };
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
    request.putShort(ApiKeys.ELECT_LEADERS.id).putShort((short) 1).putInt(1).putShort((short) -1);
    assertThatThrownBy(() -> protocol.begin(request.flip(), CALLER))
        .isInstanceOf(MalformedRequestException.class)
        .hasMessageContaining("ELECT_LEADERS");
  }

  /// A broker with one topic of one partition.
  private static final class OneTopic implements BrokerOperations {
    static final Topic TOPIC = new Topic(new UUID(5, 6), "topic", 1, "", Map.of());
    private final PartitionLog log;
    private final PartitionLog offsets;
    private final PartitionLog transactions;

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
    public Node node() {
      return new Node(1, "localhost", 9092);
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
    public CompletableFuture<Appended> produce(
        Topic topic, int partition, byte[] bytes, int from, int to) {
      return CompletableFuture.completedFuture(log.append(bytes, from, to - from));
    }

    @Override
    public long newProducerId() {
      return 1;
    }

    @Override
    public boolean isStopping() {
      return false;
    }
  }
}
