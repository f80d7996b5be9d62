// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.requests.DescribeClusterResponse;

/// Who is in the cluster: this node.
final class ClusterHandler {
  private final BrokerOperations broker;

  ClusterHandler(BrokerOperations broker) {
    this.broker = broker;
  }

  Handler.Answer describe(Call call) {
    BrokerOperations.Node node = call.node(broker);
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
}
