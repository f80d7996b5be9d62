// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.replica;

import java.util.Set;

/// Who leads a partition next. Only servers in sync do, so nothing committed is lost: where none of
/// them is there, nobody leads until one is back.
public final class Election {
  private Election() {}

  /// The state that should follow; the same one where nothing is to be done.
  ///
  /// @param live servers that are there
  /// @param preferred who is to lead where it is in sync
  public static PartitionState next(PartitionState now, Set<Integer> live, int preferred) {
    boolean leads = now.hasLeader() && live.contains(now.leader());
    if (leads && (now.leader() == preferred || !mayLead(now, live, preferred))) {
      return now;
    }
    int next = chosen(now, live, preferred);
    return next == now.leader() ? now : now.ledBy(next);
  }

  /// After a server started again that led: it may have lost what it had not synced, and followers
  /// may have it. So it does not go on in its epoch, and may begin another.
  public static PartitionState afterStart(
      PartitionState now, int started, Set<Integer> live, int preferred) {
    return now.leader() == started ? now.ledBy(chosen(now, live, preferred)) : now;
  }

  private static boolean mayLead(PartitionState now, Set<Integer> live, int server) {
    return live.contains(server) && now.isr().contains(server);
  }

  private static int chosen(PartitionState now, Set<Integer> live, int preferred) {
    if (mayLead(now, live, preferred)) {
      return preferred;
    }
    return now.replicas().stream()
        .filter(server -> mayLead(now, live, server))
        .findFirst()
        .orElse(PartitionState.NOBODY);
  }
}
