// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.broker;

import dev.varve.ingest.record.Refusal;
import dev.varve.ingest.record.RefusedException;
import dev.varve.ingest.replica.PartitionState;
import dev.varve.ingest.replica.SharedTopics;
import dev.varve.ingest.wire.BrokerOperations.Node;
import dev.varve.storage.error.VarveException;
import java.util.ArrayList;
import java.util.List;

/// What a broker knows of the cluster that it is in. Safe for threads.
///
/// @param shared what the servers agree on
/// @param origin how topics come to be
record Cooperation(SharedTopics shared, SharedOrigin origin) {
  /// Where a server's own topics are of one partition, who leads it coordinates.
  static final int OWN_PARTITIONS = 1;

  private static final int IDS = 256;

  /// Nodes that are there, this one among them.
  List<Node> nodes(boolean encrypted, Node own) {
    List<Node> nodes = new ArrayList<>();
    nodes.add(own);
    try {
      for (SharedTopics.Server server : shared.servers()) {
        int port = encrypted ? server.encryptedPort() : server.port();
        if (server.id() != own.id() && port > 0) {
          nodes.add(new Node(server.id(), server.host(), port));
        }
      }
    } catch (VarveException withoutQuorum) {
      return nodes; // clients go on with the others that they know
    }
    return nodes;
  }

  int controllerId() {
    try {
      int primary = shared.primary();
      return primary > 0 ? primary : shared.self();
    } catch (VarveException withoutQuorum) {
      return shared.self();
    }
  }

  PartitionState state(LiveTopic live, int index) {
    SharedPartition partition = live.partition(index).shared();
    PartitionState known = partition == null ? null : partition.state();
    if (known != null) {
      return known;
    }
    return partition == null
        ? PartitionState.first(List.of(controllerId())) // dead letters, which are the primary's
        : new PartitionState(
            List.of(shared.self()), PartitionState.NOBODY, 0, List.of(shared.self()));
  }

  /// In which epoch this server leads the first partition of one of the broker's own topics.
  int coordinates(LiveTopic own) {
    try {
      return own.partition(0).shared().leaderEpoch();
    } catch (RefusedException elsewhere) {
      throw new RefusedException(Refusal.NOT_COORDINATOR, elsewhere.getMessage());
    }
  }

  /// An id that no other server gives.
  long newProducerId(long ofThisServer) {
    return ofThisServer * IDS + shared.self();
  }
}
