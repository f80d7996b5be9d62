// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.Batches;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;

/// A small request of every kind that is answered, of every version.
final class RequestBodies {
  static final UUID TOPIC_ID = new UUID(5, 6);

  private RequestBodies() {}

  /// @param known whether it asks for what is there: the topic `topic`
  static ApiMessage of(ApiKeys key, short version, boolean known) {
    String name = known ? "topic" : "unknown";
    Uuid id = Ids.wire(known ? TOPIC_ID : new UUID(1, 1));
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
      case WRITE_TXN_MARKERS -> {
        WritableTxnMarker marker = new WritableTxnMarker().setProducerId(7);
        marker
            .topics()
            .add(new WritableTxnMarkerTopic().setName(name).setPartitionIndexes(List.of(0)));
        yield new WriteTxnMarkersRequestData().setMarkers(List.of(marker));
      }
      case DESCRIBE_PRODUCERS -> {
        DescribeProducersRequestData data = new DescribeProducersRequestData();
        data.topics()
            .add(
                new DescribeProducersRequestData.TopicRequest()
                    .setName(name)
                    .setPartitionIndexes(List.of(0)));
        yield data;
      }
      case DESCRIBE_TRANSACTIONS ->
          new DescribeTransactionsRequestData().setTransactionalIds(List.of("tx"));
      case LIST_TRANSACTIONS -> new ListTransactionsRequestData();
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
                      new OffsetFetchRequestTopic().setName(name).setPartitionIndexes(List.of(0))));
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
      default -> AdminBodies.of(key, known);
    };
  }
}
