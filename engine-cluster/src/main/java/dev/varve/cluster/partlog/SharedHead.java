// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.partlog;

import dev.varve.cluster.coordination.Outcome;
import java.util.Set;

/// What ZooKeeper keeps for a cluster. A read may be behind, a write never goes over another one's.
public interface SharedHead {
  /// The head as this server sees it; older than the truth at times, never older than it was
  /// before.
  SeenHead head();

  /// Writes the next head, if nobody wrote since it was seen and this session is the primary's.
  Outcome advance(SeenHead seen, Head next);

  /// Writes a head with this server as the primary for as long as its session lives, if nobody
  /// wrote since it was seen and nobody is.
  Outcome takeOver(SeenHead seen, Head next);

  /// Has this session be the primary's no more, if nobody wrote the head since it was seen.
  Outcome resign(SeenHead seen);

  /// Whether some session is the primary's.
  boolean hasPrimary();

  /// Whether this session is.
  boolean isPrimary();

  /// The servers that keep the catalog, alive or not: what is a majority is counted of them.
  Set<Integer> replicas();

  /// Those that have a session.
  Set<Integer> live();
}
