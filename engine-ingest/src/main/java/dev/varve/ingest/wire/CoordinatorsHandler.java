// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.Topic;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.replica.PartitionState;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.FindCoordinatorResponse;

/// FindCoordinator: who leads the topic that groups or transactions are kept in.
final class CoordinatorsHandler implements Handler {
  private static final int FIRST_VERSION_OF_MANY_KEYS = 4;

  private final BrokerOperations broker;
  private final Groups groups;
  private final Transactional transactions;

  CoordinatorsHandler(BrokerOperations broker, Groups groups, Transactional transactions) {
    this.broker = broker;
    this.groups = groups;
    this.transactions = transactions;
  }

  @Override
  public Answer handle(Call call) {
    FindCoordinatorRequest find = (FindCoordinatorRequest) call.body();
    byte kind = find.data().keyType();
    Errors asked = errorOf(kind);
    Node node = asked == Errors.NONE ? node(call, kind) : Node.noNode();
    // Who leads may be gone, and nobody else be elected yet.
    Errors error =
        asked == Errors.NONE && node.isEmpty() ? Errors.COORDINATOR_NOT_AVAILABLE : asked;
    if (call.version() < FIRST_VERSION_OF_MANY_KEYS) {
      return () -> FindCoordinatorResponse.prepareOldResponse(error, node);
    }
    List<Coordinator> coordinators = new ArrayList<>();
    for (String key : find.data().coordinatorKeys()) {
      coordinators.add(FindCoordinatorResponse.prepareCoordinatorResponse(error, key, node));
    }
    return () ->
        new FindCoordinatorResponse(
            new FindCoordinatorResponseData().setCoordinators(coordinators));
  }

  /// The topic that a kind of coordinator keeps its state in.
  private Topic keptIn(byte keyType) {
    return keyType == CoordinatorType.GROUP.id() ? groups.topic() : transactions.topic();
  }

  private Errors errorOf(byte keyType) {
    try {
      if (keyType != CoordinatorType.GROUP.id() && keyType != CoordinatorType.TRANSACTION.id()) {
        return Errors.INVALID_REQUEST;
      }
      PartitionState state = broker.state(keptIn(keyType), 0);
      if (!state.hasLeader()) {
        return Errors.COORDINATOR_NOT_AVAILABLE;
      }
      if (state.leader() != broker.nodeId()) {
        return Errors.NONE;
      }
      if (keyType == CoordinatorType.GROUP.id()) {
        groups.coordinator();
      } else {
        transactions.coordinator();
      }
      return Errors.NONE;
    } catch (ApiException e) {
      return Errors.forException(e);
    } catch (RefusedException e) {
      return WireErrors.error(e.refusal());
    }
  }

  private Node node(Call call, byte keyType) {
    int leader = broker.state(keptIn(keyType), 0).leader();
    return call.nodes(broker).stream()
        .filter(node -> node.id() == leader)
        .map(node -> new Node(node.id(), node.host(), node.port()))
        .findFirst()
        .orElse(Node.noNode());
  }
}
