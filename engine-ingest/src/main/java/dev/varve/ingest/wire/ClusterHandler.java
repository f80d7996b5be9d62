// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.record.RefusedException;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeClusterResponse;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;

/// Small requests about the cluster and about producers.
final class ClusterHandler {
  private final BrokerOperations broker;

  ClusterHandler(BrokerOperations broker) {
    this.broker = broker;
  }

  Handler.Answer describe(Call call) {
    BrokerOperations.Node node = broker.node();
    DescribeClusterResponseData data =
        new DescribeClusterResponseData()
            .setClusterId(broker.clusterId())
            .setControllerId(node.id());
    data.brokers()
        .add(
            new DescribeClusterBroker()
                .setBrokerId(node.id())
                .setHost(node.host())
                .setPort(node.port()));
    return () -> new DescribeClusterResponse(data);
  }

  Handler.Answer initProducerId(Call call) {
    InitProducerIdRequest init = (InitProducerIdRequest) call.body();
    InitProducerIdResponseData data = new InitProducerIdResponseData();
    if (init.data().transactionalId() != null) {
      data.setErrorCode(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code())
          .setProducerId(-1)
          .setProducerEpoch((short) -1);
    } else {
      try {
        data.setProducerId(broker.newProducerId()).setProducerEpoch((short) 0);
      } catch (RefusedException e) {
        data.setErrorCode(WireErrors.code(e.refusal())).setProducerEpoch((short) -1);
      }
    }
    return () -> new InitProducerIdResponse(data);
  }
}
