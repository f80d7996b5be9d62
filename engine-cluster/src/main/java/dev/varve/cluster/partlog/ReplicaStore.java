// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.partlog;

import dev.varve.storage.table.ReplicaPosition;
import java.util.Optional;

/// What a server has on its own disk. Each call is durable when it returns.
public interface ReplicaStore {
  /// The last change that this server's catalog applied.
  ReplicaPosition position();

  /// Fetches what a change needs and this server has not: parts and lists of deleted rows.
  ///
  /// @param from the server that offers the change
  /// @return whether all of it is here now
  boolean gather(ChangeRecord record, int from);

  /// Keeps a change, and the parts it names, until it is applied or another one is in its place.
  void keep(ChangeRecord record);

  /// A change that was kept.
  Optional<ChangeRecord> kept(ReplicaPosition position);

  /// Makes a kept change true here.
  ///
  /// @param isOwn whether this server makes it just now: then who made it shows it to queries
  void apply(ChangeRecord record, boolean isOwn);

  /// Makes this server's catalog what another server's is, with all its parts.
  ///
  /// @return whether it is further now than before
  boolean copy(int from);
}
