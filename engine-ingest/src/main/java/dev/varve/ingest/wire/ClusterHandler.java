// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import dev.varve.ingest.log.Topic;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.requests.DescribeClusterResponse;
import org.apache.kafka.common.requests.ListConfigResourcesRequest;
import org.apache.kafka.common.requests.ListConfigResourcesResponse;

/// Who is in the cluster, and what has settings.
final class ClusterHandler {
  private final BrokerOperations broker;

  ClusterHandler(BrokerOperations broker) {
    this.broker = broker;
  }

  Handler.Answer describe(Call call) {
    DescribeClusterResponseData data =
        new DescribeClusterResponseData()
            .setClusterId(broker.clusterId())
            .setControllerId(broker.controllerId());
    for (BrokerOperations.Node node : call.nodes(broker)) {
      data.brokers()
          .add(
              new DescribeClusterBroker()
                  .setBrokerId(node.id())
                  .setHost(node.host())
                  .setPort(node.port()));
    }
    return () -> new DescribeClusterResponse(data);
  }

  /// The names of what has settings: topics, the node, groups where they are asked for. Metrics of
  /// clients are not collected here, so that there is no subscription to them.
  Handler.Answer resources(Call call) {
    TopicRights rights = TopicRights.of(broker, call);
    Set<Byte> types =
        new HashSet<>(((ListConfigResourcesRequest) call.body()).data().resourceTypes());
    if (call.version() == 0) {
      types.add(ConfigResource.Type.CLIENT_METRICS.id()); // it asked for nothing else
    } else if (types.isEmpty()) {
      types.add(ConfigResource.Type.TOPIC.id());
      types.add(ConfigResource.Type.BROKER.id());
    }
    ListConfigResourcesResponseData data = new ListConfigResourcesResponseData();
    if (types.contains(ConfigResource.Type.TOPIC.id())) {
      broker.topics().stream()
          .map(Topic::name)
          .filter(rights::knows)
          .sorted()
          .forEach(name -> data.configResources().add(resource(ConfigResource.Type.TOPIC, name)));
    }
    if (types.contains(ConfigResource.Type.BROKER.id()) && rights.mayOperate()) {
      String node = Integer.toString(broker.nodeId());
      data.configResources().add(resource(ConfigResource.Type.BROKER, node));
    }
    return () -> new ListConfigResourcesResponse(data);
  }

  private static ListConfigResourcesResponseData.ConfigResource resource(
      ConfigResource.Type type, String name) {
    return new ListConfigResourcesResponseData.ConfigResource()
        .setResourceType(type.id())
        .setResourceName(name);
  }
}
