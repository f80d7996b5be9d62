// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.varve.ingest.log.KnownProducer;
import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.transaction.Participant;
import dev.varve.ingest.transaction.TransactionState;
import dev.varve.ingest.transaction.TransactionState.Stage;
import dev.varve.merge.access.Privilege;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TopicData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeProducersRequest;
import org.apache.kafka.common.requests.DescribeProducersResponse;
import org.apache.kafka.common.requests.DescribeTransactionsRequest;
import org.apache.kafka.common.requests.DescribeTransactionsResponse;
import org.apache.kafka.common.requests.ListTransactionsRequest;
import org.apache.kafka.common.requests.ListTransactionsResponse;

/// Shows who produces to a partition, and which transactions there are and where they stand.
final class TransactionViewsHandler {
  private static final Map<Stage, String> NAMES =
      Map.of(
          Stage.EMPTY, "Empty",
          Stage.OPEN, "Ongoing",
          Stage.COMMITTING, "PrepareCommit",
          Stage.ABORTING, "PrepareAbort",
          Stage.COMMITTED, "CompleteCommit",
          Stage.ABORTED, "CompleteAbort");

  private final BrokerOperations broker;
  private final Transactional transactions;

  TransactionViewsHandler(BrokerOperations broker, Transactional transactions) {
    this.broker = broker;
    this.transactions = transactions;
  }

  private Map<String, TransactionState> states() {
    return broker.topic(Topic.TRANSACTIONS).isEmpty()
        ? Map.of()
        : transactions.coordinator().states();
  }

  Handler.Answer producers(Call call) {
    DescribeProducersResponseData data = new DescribeProducersResponseData();
    TopicRights rights = TopicRights.of(broker, call);
    for (TopicRequest topic : ((DescribeProducersRequest) call.body()).data().topics()) {
      TopicResponse response = new TopicResponse().setName(topic.name());
      for (int partition : topic.partitionIndexes()) {
        response.partitions().add(producers(rights, topic.name(), partition));
      }
      data.topics().add(response);
    }
    return () -> new DescribeProducersResponse(data);
  }

  private PartitionResponse producers(TopicRights rights, String name, int partition) {
    PartitionResponse response = new PartitionResponse().setPartitionIndex(partition);
    try {
      Topic topic = rights.require(Privilege.SELECT, name);
      for (KnownProducer known : broker.log(topic, partition).producers()) {
        response
            .activeProducers()
            .add(
                new ProducerState()
                    .setProducerId(known.id())
                    .setProducerEpoch(known.epoch())
                    .setLastSequence(known.lastSequence())
                    .setLastTimestamp(known.lastTimestamp())
                    .setCurrentTxnStartOffset(known.openSince()));
      }
      return response;
    } catch (RefusedException e) {
      return response.setErrorCode(WireErrors.code(e.refusal())).setErrorMessage(e.getMessage());
    }
  }

  Handler.Answer describe(Call call) {
    DescribeTransactionsResponseData data = new DescribeTransactionsResponseData();
    Map<String, TransactionState> states = states();
    TopicRights rights = TopicRights.of(broker, call);
    for (String id : ((DescribeTransactionsRequest) call.body()).data().transactionalIds()) {
      data.transactionStates().add(described(rights, id, Optional.ofNullable(states.get(id))));
    }
    return () -> new DescribeTransactionsResponse(data);
  }

  private static DescribeTransactionsResponseData.TransactionState described(
      TopicRights rights, String id, Optional<TransactionState> known) {
    var shown = new DescribeTransactionsResponseData.TransactionState().setTransactionalId(id);
    if (known.isEmpty()) {
      return shown.setErrorCode(Errors.TRANSACTIONAL_ID_NOT_FOUND.code());
    }
    TransactionState state = known.get();
    for (Participant each : state.partitions()) {
      if (!rights.knows(each.topic())) {
        continue;
      }
      TopicData topic = shown.topics().find(each.topic());
      if (topic == null) {
        topic = new TopicData().setTopic(each.topic());
        shown.topics().add(topic);
      }
      topic.partitions().add(each.partition());
    }
    return shown
        .setTransactionState(NAMES.get(state.stage()))
        .setTransactionTimeoutMs(state.timeoutMillis())
        .setTransactionStartTimeMs(state.stage() == Stage.OPEN ? state.beganMillis() : -1)
        .setProducerId(state.producerId())
        .setProducerEpoch(state.epoch());
  }

  /// What transactional ids must match, or null for all.
  private static Pattern pattern(ListTransactionsRequestData asked) {
    String text = asked.transactionalIdPattern();
    return text == null || text.isEmpty() ? null : Pattern.compile(text);
  }

  Handler.Answer list(Call call) {
    ListTransactionsRequestData asked = ((ListTransactionsRequest) call.body()).data();
    ListTransactionsResponseData data = new ListTransactionsResponseData();
    Set<String> wanted = new HashSet<>(asked.stateFilters());
    for (String name : asked.stateFilters()) {
      if (!NAMES.containsValue(name)) {
        data.unknownStateFilters().add(name);
      }
    }
    Pattern ids;
    try {
      ids = pattern(asked);
    } catch (PatternSyntaxException wrong) {
      data.setErrorCode(Errors.INVALID_REGULAR_EXPRESSION.code());
      return () -> new ListTransactionsResponse(data);
    }
    List<Long> producers = asked.producerIdFilters();
    long now = System.currentTimeMillis();
    states()
        .forEach((id, state) -> {
          String name = NAMES.get(state.stage());
          boolean isOld =
              asked.durationFilter() < 0
                  || state.stage() == Stage.OPEN
                      && now - state.beganMillis() > asked.durationFilter();
          boolean isWanted =
              (wanted.isEmpty() || wanted.contains(name))
                  && (producers.isEmpty() || producers.contains(state.producerId()))
                  && (ids == null || ids.matches(id));
          if (isOld && isWanted) {
            data.transactionStates()
                .add(
                    new ListTransactionsResponseData.TransactionState()
                        .setTransactionalId(id)
                        .setProducerId(state.producerId())
                        .setTransactionState(name));
          }
        });
    return () -> new ListTransactionsResponse(data);
  }
}
