// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What clients take for granted of a connection and of a topic's identity, and no single client
/// would show.
final class ClientRulesTest {
  @TempDir Path directory;
  private BrokerHarness server;
  private Socket socket;

  @BeforeEach
  void open() throws Exception {
    server = new BrokerHarness(directory);
    socket = new Socket("127.0.0.1", server.broker().port());
    socket.setSoTimeout(20_000);
  }

  @AfterEach
  void close() throws Exception {
    socket.close();
    server.close();
  }

  private void send(ApiKeys key, int version, int correlation, ApiMessage body) throws Exception {
    RequestHeader header = new RequestHeader(key, (short) version, "rules", correlation);
    ByteBuffer head =
        MessageUtil.toByteBufferAccessor(header.data(), header.headerVersion()).buffer();
    ByteBuffer tail = MessageUtil.toByteBufferAccessor(body, (short) version).buffer();
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.writeInt(head.remaining() + tail.remaining());
    out.write(head.array(), head.arrayOffset(), head.remaining());
    out.write(tail.array(), tail.arrayOffset(), tail.remaining());
    out.flush();
  }

  private AbstractResponse receive(ApiKeys key, int version, int correlation) throws Exception {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    ByteBuffer answer = ByteBuffer.wrap(in.readNBytes(in.readInt()));
    RequestHeader header = new RequestHeader(key, (short) version, "rules", correlation);
    return AbstractResponse.parseResponse(answer, header); // throws where another was answered
  }

  private static ApiVersionsRequestData versions() {
    return new ApiVersionsRequestData()
        .setClientSoftwareName("rules")
        .setClientSoftwareVersion("1");
  }

  @Test
  void answersLeaveInTheOrderOfRequestsThoughTheFirstWaits() throws Exception {
    FetchRequestData fetch =
        new FetchRequestData().setMaxWaitMs(300).setMinBytes(1).setMaxBytes(1_000);
    send(ApiKeys.FETCH, 12, 1, fetch);
    send(ApiKeys.API_VERSIONS, 3, 2, versions());
    assertThat(receive(ApiKeys.FETCH, 12, 1)).isInstanceOf(FetchResponse.class);
    assertThat(receive(ApiKeys.API_VERSIONS, 3, 2)).isInstanceOf(ApiVersionsResponse.class);
  }

  @Test
  void aProducerThatWantsNoAnswerGetsNone() throws Exception {
    send(ApiKeys.PRODUCE, 9, 1, new ProduceRequestData().setAcks((short) 0).setTimeoutMs(1_000));
    send(ApiKeys.API_VERSIONS, 3, 2, versions());
    assertThat(receive(ApiKeys.API_VERSIONS, 3, 2)).isInstanceOf(ApiVersionsResponse.class);
  }

  @Test
  void aClientThatMeansAnotherClusterOrNodeIsToldToStartOver() throws Exception {
    String cluster;
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.address()))) {
      cluster = admin.describeCluster().clusterId().get();
    }
    send(ApiKeys.API_VERSIONS, 5, 0, versions().setClusterId(cluster).setNodeId(1));
    assertThat(receive(ApiKeys.API_VERSIONS, 5, 0).errorCounts()).containsOnlyKeys(Errors.NONE);
    send(ApiKeys.API_VERSIONS, 5, 1, versions().setClusterId("another").setNodeId(1));
    assertThat(receive(ApiKeys.API_VERSIONS, 5, 1).errorCounts())
        .containsOnlyKeys(Errors.REBOOTSTRAP_REQUIRED);
    send(ApiKeys.API_VERSIONS, 5, 2, versions().setClusterId(cluster).setNodeId(77));
    assertThat(receive(ApiKeys.API_VERSIONS, 5, 2).errorCounts())
        .containsOnlyKeys(Errors.REBOOTSTRAP_REQUIRED);
  }

  @Test
  void transactionsOfVersion2AreOfferedAsAFinalFeature() throws Exception {
    send(ApiKeys.API_VERSIONS, 4, 1, versions());
    ApiVersionsResponse answer = (ApiVersionsResponse) receive(ApiKeys.API_VERSIONS, 4, 1);
    assertThat(answer.data().finalizedFeatures())
        .singleElement()
        .satisfies(feature -> {
          assertThat(feature.name()).isEqualTo("transaction.version");
          assertThat(feature.maxVersionLevel()).isEqualTo((short) 2);
        });
  }

  private EpochEndOffset endOfEpoch(int epoch, int current) throws Exception {
    OffsetForLeaderPartition partition =
        new OffsetForLeaderPartition().setLeaderEpoch(epoch).setCurrentLeaderEpoch(current);
    OffsetForLeaderTopic topic = new OffsetForLeaderTopic().setTopic("events");
    topic.partitions().add(partition);
    OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData();
    request.topics().add(topic);
    send(ApiKeys.OFFSET_FOR_LEADER_EPOCH, 4, 1, request);
    OffsetsForLeaderEpochResponse answer =
        (OffsetsForLeaderEpochResponse) receive(ApiKeys.OFFSET_FOR_LEADER_EPOCH, 4, 1);
    return answer.data().topics().find("events").partitions().getFirst();
  }

  @Test
  void aClientLearnsWhereTheRecordsOfALeaderEndAndWhoLeadsNow() throws Exception {
    server.createTable("events", "MergeTree", Map.of(), "id", "Int64", "name", "String");
    assertThat(endOfEpoch(0, 0).endOffset()).isZero();
    try (Producer<byte[], byte[]> producer = StockClientTest.producer(server.address(), Map.of())) {
      producer.send(StockClientTest.row("events", 1)).get();
      producer.send(StockClientTest.row("events", 2)).get();
    }
    assertThat(endOfEpoch(0, -1).leaderEpoch()).isZero();
    assertThat(endOfEpoch(0, 0).endOffset()).isEqualTo(2);
    assertThat(endOfEpoch(3, 0).endOffset()).isEqualTo(-1);
    assertThat(endOfEpoch(0, 3).errorCode()).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH.code());
  }

  private TopicDescription describe(Admin admin, String topic) throws Exception {
    return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
  }

  @Test
  void aTopicKeepsItsIdOverARestartAndANewOneOfItsNameHasAnother() throws Exception {
    server.createTable("events", "MergeTree", Map.of(), "id", "Int64");
    Uuid plain;
    Uuid table;
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.address()))) {
      admin.createTopics(List.of(new NewTopic("plain", 1, (short) 1))).all().get();
      plain = describe(admin, "plain").topicId();
      table = describe(admin, "events").topicId();
    }
    server.close();
    server = new BrokerHarness(directory);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.address()))) {
      assertThat(describe(admin, "plain").topicId()).isEqualTo(plain);
      assertThat(describe(admin, "events").topicId()).isEqualTo(table);
      admin.deleteTopics(List.of("plain")).all().get();
      admin.createTopics(List.of(new NewTopic("plain", 1, (short) 1))).all().get();
      assertThat(describe(admin, "plain").topicId()).isNotEqualTo(plain);
      assertThatThrownBy(() ->
              admin.describeTopics(TopicCollection.ofTopicIds(List.of(plain))).allTopicIds().get())
          .hasCauseInstanceOf(UnknownTopicIdException.class);
    }
  }
}
