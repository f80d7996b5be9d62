// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.wire;

import java.util.List;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;

/// A request that was decoded, and who sent it.
record Call(RequestHeader header, AbstractRequest body, Caller caller) {
  short version() {
    return header.apiVersion();
  }

  /// The node, by the address that this client is to connect to.
  BrokerOperations.Node node(BrokerOperations broker) {
    return broker.node(caller.isEncrypted());
  }

  /// All nodes, by the addresses that this client is to connect to.
  List<BrokerOperations.Node> nodes(BrokerOperations broker) {
    return broker.nodes(caller.isEncrypted());
  }

  RequestContext context() {
    return caller.context(header);
  }
}
