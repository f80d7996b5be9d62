// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.record.RefusedException;
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

/// FindCoordinator: this node coordinates everything.
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
    Errors error = errorOf(find.data().keyType());
    if (call.version() < FIRST_VERSION_OF_MANY_KEYS) {
      return () -> FindCoordinatorResponse.prepareOldResponse(error, node(call, error));
    }
    List<Coordinator> coordinators = new ArrayList<>();
    for (String key : find.data().coordinatorKeys()) {
      coordinators.add(
          FindCoordinatorResponse.prepareCoordinatorResponse(error, key, node(call, error)));
    }
    return () ->
        new FindCoordinatorResponse(
            new FindCoordinatorResponseData().setCoordinators(coordinators));
  }

  private Errors errorOf(byte keyType) {
    try {
      if (keyType == CoordinatorType.GROUP.id()) {
        groups.coordinator();
      } else if (keyType == CoordinatorType.TRANSACTION.id()) {
        transactions.coordinator();
      } else {
        return Errors.INVALID_REQUEST;
      }
      return Errors.NONE;
    } catch (ApiException e) {
      return Errors.forException(e);
    } catch (RefusedException e) {
      return WireErrors.error(e.refusal());
    }
  }

  private Node node(Call call, Errors error) {
    BrokerOperations.Node node = call.node(broker);
    return error == Errors.NONE ? new Node(node.id(), node.host(), node.port()) : Node.noNode();
  }
}
