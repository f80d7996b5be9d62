// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.wire.group.GroupSettings;
import dev.varve.ingest.wire.quota.ClientQuotas;
import dev.varve.ingest.wire.quota.QuotaRates;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.RequestHeader;

/// Decodes requests, finds who answers them, encodes answers. Safe for threads.
///
/// What is advertised is what has a handler, version by version; nothing is advertised that is not
/// answered, but for Produce 0 to 2 and SaslHandshake 0: librdkafka turns compression off without
/// the one, and believes that nobody can log in without the other.
public final class Protocol implements AutoCloseable {
  private static final String TRANSACTIONS = "transaction.version";
  private static final int FIRST_VERSION_OF_LEVEL_0 = 4;

  private static final Set<ApiKeys> BEFORE_LOGIN =
      EnumSet.of(ApiKeys.API_VERSIONS, ApiKeys.SASL_HANDSHAKE, ApiKeys.SASL_AUTHENTICATE);

  private static final Set<ApiKeys> ADVERTISED_FROM_0 =
      EnumSet.of(ApiKeys.PRODUCE, ApiKeys.SASL_HANDSHAKE);

  /// The versions of one API that we answer.
  private record Entry(int min, int max, Handler handler) {}

  private final Map<ApiKeys, Entry> entries = new EnumMap<>(ApiKeys.class);
  private final BrokerOperations broker;
  private final FetchHandler fetches;
  private final Groups groups;
  private final Transactional transactions;
  private final QuotaRates rates;

  /// @param nanoClock as `System::nanoTime`
  /// @param quotas how much clients may use
  /// @param asksForUsers whether clients must say who they are first
  public Protocol(
      BrokerOperations broker,
      LongSupplier nanoClock,
      GroupSettings groupSettings,
      ClientQuotas quotas,
      boolean asksForUsers) {
    this.broker = broker;
    this.rates = new QuotaRates(quotas, () -> TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong()));
    this.groups = new Groups(broker, groupSettings);
    this.transactions = new Transactional(broker, groups);
    this.fetches = new FetchHandler(broker, nanoClock);
    TopicsHandler topics = new TopicsHandler(broker);
    ClusterHandler cluster = new ClusterHandler(broker);
    entries.put(ApiKeys.API_VERSIONS, new Entry(0, 5, this::apiVersions));
    entries.put(ApiKeys.METADATA, new Entry(0, 13, new MetadataHandler(broker)));
    entries.put(ApiKeys.PRODUCE, new Entry(3, 13, new ProduceHandler(broker, transactions)));
    CopiesHandler copies = new CopiesHandler(broker, nanoClock);
    entries.put(
        ApiKeys.FETCH,
        new Entry(
            4, 18, call -> call.caller().isServer() ? copies.handle(call) : fetches.handle(call)));
    entries.put(ApiKeys.LIST_OFFSETS, new Entry(1, 11, new OffsetsHandler(broker)));
    entries.put(ApiKeys.CREATE_TOPICS, new Entry(2, 7, topics::create));
    entries.put(ApiKeys.DELETE_TOPICS, new Entry(1, 6, topics::delete));
    entries.put(ApiKeys.DESCRIBE_CLUSTER, new Entry(0, 2, cluster::describe));
    entries.put(ApiKeys.LIST_CONFIG_RESOURCES, new Entry(0, 1, cluster::resources));
    if (asksForUsers) {
      SaslHandler sasl = new SaslHandler();
      entries.put(ApiKeys.SASL_HANDSHAKE, new Entry(1, 1, sasl::handshake));
      entries.put(ApiKeys.SASL_AUTHENTICATE, new Entry(0, 2, sasl::authenticate));
    }
    putAdmin();
    putUsers(new QuotasHandler(broker, quotas));
    putGroups();
    putTransactions();
  }

  private void putTransactions() {
    TransactionsHandler handler = new TransactionsHandler(broker, groups, transactions);
    entries.put(ApiKeys.INIT_PRODUCER_ID, new Entry(0, 5, handler::init));
    entries.put(ApiKeys.ADD_PARTITIONS_TO_TXN, new Entry(0, 3, handler::addPartitions));
    entries.put(ApiKeys.ADD_OFFSETS_TO_TXN, new Entry(0, 4, handler::addOffsets));
    entries.put(ApiKeys.END_TXN, new Entry(0, 5, handler::end));
    TransactionViewsHandler views = new TransactionViewsHandler(broker, transactions);
    entries.put(ApiKeys.WRITE_TXN_MARKERS, new Entry(1, 2, new MarkersHandler(broker)));
    entries.put(ApiKeys.DESCRIBE_PRODUCERS, new Entry(0, 0, views::producers));
    entries.put(ApiKeys.DESCRIBE_TRANSACTIONS, new Entry(0, 0, views::describe));
    entries.put(ApiKeys.LIST_TRANSACTIONS, new Entry(0, 2, views::list));
    entries.put(
        ApiKeys.TXN_OFFSET_COMMIT,
        new Entry(0, 6, new TxnOffsetsHandler(broker, groups, transactions)));
  }

  private void putAdmin() {
    TopicConfigsHandler configs = new TopicConfigsHandler(broker);
    PartitionsHandler partitions = new PartitionsHandler(broker);
    TopicViewsHandler views = new TopicViewsHandler(broker);
    entries.put(ApiKeys.DESCRIBE_CONFIGS, new Entry(1, 4, configs::describe));
    entries.put(ApiKeys.ALTER_CONFIGS, new Entry(0, 2, configs::alterAll));
    entries.put(ApiKeys.INCREMENTAL_ALTER_CONFIGS, new Entry(0, 1, configs::alterSome));
    entries.put(ApiKeys.CREATE_PARTITIONS, new Entry(0, 3, partitions::create));
    entries.put(ApiKeys.DELETE_RECORDS, new Entry(0, 2, partitions::deleteRecords));
    entries.put(ApiKeys.OFFSET_FOR_LEADER_EPOCH, new Entry(2, 4, partitions::endOfEpoch));
    entries.put(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, new Entry(0, 0, views::partitions));
    entries.put(ApiKeys.LIST_PARTITION_REASSIGNMENTS, new Entry(0, 0, views::reassignments));
    entries.put(ApiKeys.DESCRIBE_LOG_DIRS, new Entry(1, 5, views::directories));
    LeadersHandler leaders = new LeadersHandler(broker);
    entries.put(ApiKeys.ELECT_LEADERS, new Entry(0, 2, leaders::elect));
    entries.put(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, new Entry(0, 1, leaders::reassign));
    entries.put(ApiKeys.ALTER_REPLICA_LOG_DIRS, new Entry(1, 2, leaders::moveDirectories));
    entries.put(ApiKeys.DESCRIBE_QUORUM, new Entry(0, 2, leaders::quorum));
  }

  private void putUsers(QuotasHandler quotas) {
    entries.put(ApiKeys.DESCRIBE_CLIENT_QUOTAS, new Entry(0, 1, quotas::describe));
    entries.put(ApiKeys.ALTER_CLIENT_QUOTAS, new Entry(0, 1, quotas::alter));
    AclsHandler acls = new AclsHandler(broker);
    ScramHandler scram = new ScramHandler();
    entries.put(ApiKeys.DESCRIBE_ACLS, new Entry(1, 3, acls::describe));
    entries.put(ApiKeys.CREATE_ACLS, new Entry(1, 3, acls::create));
    entries.put(ApiKeys.DELETE_ACLS, new Entry(1, 3, acls::delete));
    entries.put(ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS, new Entry(0, 0, scram::describe));
    entries.put(ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, new Entry(0, 0, scram::alter));
  }

  private void putGroups() {
    GroupHandler group = new GroupHandler(broker, groups);
    GroupAdminHandler admin = new GroupAdminHandler(broker, groups);
    GroupOffsetsHandler offsets = new GroupOffsetsHandler(broker, groups);
    entries.put(
        ApiKeys.FIND_COORDINATOR,
        new Entry(0, 6, new CoordinatorsHandler(broker, groups, transactions)));
    entries.put(ApiKeys.JOIN_GROUP, new Entry(0, 9, group::join));
    entries.put(ApiKeys.SYNC_GROUP, new Entry(0, 5, group::sync));
    entries.put(ApiKeys.HEARTBEAT, new Entry(0, 4, group::heartbeat));
    entries.put(ApiKeys.LEAVE_GROUP, new Entry(0, 5, group::leave));
    entries.put(ApiKeys.CONSUMER_GROUP_HEARTBEAT, new Entry(0, 1, group::consumerHeartbeat));
    entries.put(ApiKeys.OFFSET_COMMIT, new Entry(2, 10, offsets::commit));
    entries.put(ApiKeys.OFFSET_FETCH, new Entry(1, 10, offsets::fetch));
    entries.put(ApiKeys.OFFSET_DELETE, new Entry(0, 0, offsets::delete));
    entries.put(ApiKeys.LIST_GROUPS, new Entry(0, 5, admin::list));
    entries.put(ApiKeys.DESCRIBE_GROUPS, new Entry(0, 6, admin::describe));
    entries.put(ApiKeys.DELETE_GROUPS, new Entry(0, 2, admin::delete));
    entries.put(ApiKeys.CONSUMER_GROUP_DESCRIBE, new Entry(0, 1, admin::consumerDescribe));
  }

  /// Takes up the consumer groups that were known before a restart. To be called once, when topics
  /// are there.
  public void resume() {
    groups.resume();
    transactions.resume();
  }

  /// Sees to what is due: topics that came or went are told to those who assign partitions,
  /// transactions that took too long are aborted. To be called about once a second.
  public void tick() {
    groups.topicsMayHaveChanged();
    transactions.tick();
    rates.tidy();
  }

  /// Consumer groups, their members and offsets.
  public List<GroupStatus> groups() {
    return groups.status();
  }

  /// Ends the coordination of groups; requests that wait for it fail, and fetches that wait are
  /// answered with what there is.
  @Override
  public void close() {
    fetches.stop();
    groups.close();
  }

  /// Answers another server of the cluster, which showed that it is one.
  ///
  /// @return the answer with its length in front
  public byte[] answerServer(byte[] request) throws IOException, InterruptedException {
    Outgoing answer = begin(ByteBuffer.wrap(request), Caller.server()).await();
    BytesChannel bytes = new BytesChannel(answer.bytes());
    answer.writeTo(bytes);
    return bytes.bytes();
  }

  /// A request that was begun; its answer may have to be waited for.
  public interface Reply {
    /// The answer, null where the client wants none.
    Outgoing await() throws InterruptedException;

    /// How long nothing more is read from the client, in milliseconds; known once the answer is
    /// there.
    default int mutedMillis() {
      return 0;
    }
  }

  /// An encoded answer, to be written once.
  public interface Outgoing {
    /// With its length in front.
    long bytes();

    void writeTo(ClientChannel client) throws IOException;
  }

  private record Encoding(Send send) implements Outgoing {
    @Override
    public long bytes() {
      return send.size();
    }

    @Override
    public void writeTo(ClientChannel client) throws IOException {
      ClientSend.write(send, client);
    }
  }

  /// Begins a request, which must be a heap buffer and belongs to the protocol from now on.
  ///
  /// @throws MalformedRequestException if it cannot be read: the connection must be closed, because
  ///   nothing can be said in a protocol that the other side does not speak
  public Reply begin(ByteBuffer request, Caller caller) {
    int bytes = request.remaining();
    RequestHeader header;
    AbstractRequest body;
    Entry entry;
    try {
      header = RequestHeader.parse(request);
      entry = entries.get(header.apiKey());
      int version = header.apiVersion();
      if (entry == null || version < entry.min || version > entry.max) {
        if (header.apiKey() == ApiKeys.API_VERSIONS) {
          return new Encoded(
              header, (short) 0, () -> versions(Errors.UNSUPPORTED_VERSION, (short) 0));
        }
        throw new MalformedRequestException(
            "unsupported",
            "request " + header.apiKey() + " version " + version + " is not answered here");
      }
      if (!caller.isKnown() && !BEFORE_LOGIN.contains(header.apiKey())) {
        throw new MalformedRequestException(
            "unauthenticated",
            "a request " + header.apiKey() + " before the client said who it is");
      }
      body =
          AbstractRequest.parseRequest(
                  header.apiKey(), header.apiVersion(), new ByteBufferAccessor(request))
              .request;
    } catch (MalformedRequestException e) {
      throw e;
    } catch (RuntimeException e) {
      // The generated decoders throw whatever comes: bare RuntimeException for a bad length.
      throw new MalformedRequestException("unreadable", "a request cannot be read: " + e);
    }
    Call call = new Call(header, body, caller);
    if (!rates.isNeeded() || caller.isServer()) {
      return new Encoded(header, header.apiVersion(), begin(entry, call));
    }
    Throttle throttle = new Throttle(rates, caller.user(), header.clientId());
    long began = System.nanoTime();
    Handler.Answer answer = begin(entry, call);
    throttle.worked(System.nanoTime() - began);
    throttle.received(header.apiKey(), bytes);
    return new Metered(header, answer, throttle);
  }

  /// An answer that is counted against quotas before it leaves. What was asked for is answered all
  /// the same: the client is told how long to wait, and nothing of it is read for so long.
  private record Metered(RequestHeader header, Handler.Answer answer, Throttle throttle)
      implements Reply {
    @Override
    public Outgoing await() throws InterruptedException {
      AbstractResponse response = answer.await();
      if (response == null) {
        return null;
      }
      short version = header.apiVersion();
      if (response instanceof FetchResponse fetched) {
        throttle.sent(header.apiKey(), recordBytes(fetched));
      }
      response.maybeSetThrottleTimeMs(Math.max(response.throttleTimeMs(), throttle.millis()));
      return new Encoding(response.toSend(header.toResponseHeader(), version));
    }

    private static long recordBytes(FetchResponse fetched) {
      return fetched.data().responses().stream()
          .flatMap(topic -> topic.partitions().stream())
          .mapToLong(FetchResponse::recordsSize)
          .sum();
    }

    @Override
    public int mutedMillis() {
      return throttle.millis();
    }
  }

  private static Handler.Answer begin(Entry entry, Call call) {
    try {
      return entry.handler.handle(call);
    } catch (ApiException e) {
      return () -> call.body().getErrorResponse(e);
    }
  }

  private record Encoded(RequestHeader header, short version, Handler.Answer answer)
      implements Reply {
    @Override
    public Outgoing await() throws InterruptedException {
      AbstractResponse response = answer.await();
      if (response == null) {
        return null;
      }
      return new Encoding(response.toSend(header.toResponseHeader(), version));
    }
  }

  private Handler.Answer apiVersions(Call call) {
    ApiVersionsRequest asked = (ApiVersionsRequest) call.body();
    Errors error = Errors.NONE;
    if (!asked.isValid()) {
      error = Errors.INVALID_REQUEST;
    } else if (call.version() >= 5 && isForAnother(asked)) {
      error = Errors.REBOOTSTRAP_REQUIRED;
    }
    Errors result = error;
    return () -> versions(result, call.version());
  }

  /// Whether the client believes it talks to another cluster or node, as after addresses moved.
  private boolean isForAnother(ApiVersionsRequest asked) {
    String cluster = asked.data().clusterId();
    int node = asked.data().nodeId();
    return cluster != null && !cluster.equals(broker.clusterId())
        || node >= 0 && node != broker.nodeId();
  }

  private AbstractResponse versions(Errors error, short version) {
    ApiVersionsResponseData data = new ApiVersionsResponseData().setErrorCode(error.code());
    entries.forEach((key, entry) ->
        data.apiKeys()
            .add(
                new ApiVersion()
                    .setApiKey(key.id)
                    .setMinVersion((short) (ADVERTISED_FROM_0.contains(key) ? 0 : entry.min))
                    .setMaxVersion((short) entry.max)));
    if (version >= FIRST_VERSION_OF_LEVEL_0) {
      // Producers that see it give each transaction an epoch of its own.
      data.supportedFeatures()
          .add(new SupportedFeatureKey().setName(TRANSACTIONS).setMaxVersion((short) 2));
      data.setFinalizedFeaturesEpoch(0)
          .finalizedFeatures()
          .add(
              new FinalizedFeatureKey()
                  .setName(TRANSACTIONS)
                  .setMinVersionLevel((short) 2)
                  .setMaxVersionLevel((short) 2));
    }
    return new ApiVersionsResponse(data);
  }

  /// Loads the classes that the first requests need: clients give up on an answer that takes
  /// seconds.
  public void warmUp() throws InterruptedException {
    for (short version = 0; version <= 5; version++) {
      RequestHeader header = new RequestHeader(ApiKeys.API_VERSIONS, version, "warm-up", 0);
      AbstractResponse response = versions(Errors.NONE, version);
      response.toSend(header.toResponseHeader(), version);
    }
    ApiVersionsRequest ask = new ApiVersionsRequest.Builder().build((short) 3);
    RequestHeader header = new RequestHeader(ApiKeys.API_VERSIONS, (short) 3, "warm-up", 0);
    begin(ask.serializeWithHeader(header), new Caller("warm-up", InetAddress.getLoopbackAddress()))
        .await();
  }

  /// For the test that encodes every answer at every version.
  Map<ApiKeys, int[]> answered() {
    Map<ApiKeys, int[]> ranges = new EnumMap<>(ApiKeys.class);
    entries.forEach((key, entry) -> ranges.put(key, new int[] {entry.min, entry.max}));
    return ranges;
  }
}
