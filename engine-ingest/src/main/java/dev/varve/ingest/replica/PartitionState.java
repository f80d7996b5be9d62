// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.replica;

import java.util.List;
import java.util.TreeSet;

/// What all servers agree on about a partition.
///
/// @param replicas servers that keep it, the one to lead at first before the others
/// @param leader who takes writes, [#NOBODY] while no server may
/// @param epoch grows with each leader
/// @param isr servers that have all that is committed, in the order of their numbers; never empty
public record PartitionState(List<Integer> replicas, int leader, int epoch, List<Integer> isr) {
  /// In place of a leader.
  public static final int NOBODY = -1;

  public PartitionState {
    replicas = List.copyOf(replicas);
    isr = List.copyOf(new TreeSet<>(isr));
    if (isr.isEmpty() || !replicas.containsAll(isr)) {
      throw new IllegalArgumentException("in sync are " + isr + " of the replicas " + replicas);
    }
    if (leader != NOBODY && !isr.contains(leader)) {
      throw new IllegalArgumentException("the leader " + leader + " is not in sync: " + isr);
    }
  }

  /// A partition that nobody wrote to: the first of its replicas leads.
  public static PartitionState first(List<Integer> replicas) {
    return new PartitionState(replicas, replicas.getFirst(), 0, replicas);
  }

  public boolean hasLeader() {
    return leader != NOBODY;
  }

  /// The next leader's beginning.
  PartitionState ledBy(int next) {
    return new PartitionState(replicas, next, epoch + 1, isr);
  }

  PartitionState withIsr(List<Integer> inSync) {
    return new PartitionState(replicas, leader, epoch, inSync);
  }
}
