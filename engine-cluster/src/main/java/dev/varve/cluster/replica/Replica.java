// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.replica;

import dev.varve.cluster.coordination.Cluster;
import dev.varve.cluster.coordination.ClusterSettings;
import dev.varve.cluster.coordination.Coordination;
import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.LocalCatalog;
import dev.varve.storage.table.ReplicaPosition;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/// Puts a server's share of a cluster together, in the order in which a server opens: first the
/// changes that were kept, then the catalog over the engine's own, and at the end, when others can
/// be answered, the session.
public final class Replica implements AutoCloseable {
  private final Semaphore signals;
  private final KeptChanges kept;
  private final ReplicaFiles files;
  private final Cluster cluster;
  private final Set<Consumer<String>> hearers;
  private ReplicatedCatalog catalog;

  private Replica(
      Semaphore signals,
      KeptChanges kept,
      ReplicaFiles files,
      Cluster cluster,
      Set<Consumer<String>> hearers) {
    this.signals = signals;
    this.kept = kept;
    this.files = files;
    this.cluster = cluster;
    this.hearers = hearers;
  }

  /// @param data the data directory
  public static Replica open(ClusterSettings settings, Path data) {
    Semaphore signals = new Semaphore(0);
    KeptChanges kept = KeptChanges.open(data.resolve("cluster"));
    Set<Consumer<String>> hearers = ConcurrentHashMap.newKeySet();
    Coordination.Listener listener =
        new Coordination.Listener() {
          @Override
          public void changed(String path) {
            signals.release();
            hearers.forEach(hearer -> hearer.accept(path));
          }

          @Override
          public void stateChanged(Coordination.State state, long session) {
            signals.release();
            hearers.forEach(hearer -> hearer.accept(Coordination.ROOT));
          }
        };
    Cluster cluster = Cluster.open(settings, data, listener);
    return new Replica(signals, kept, new ReplicaFiles(data.resolve("parts")), cluster, hearers);
  }

  /// Told the path of each node that changed, the root where any may have. Must not block.
  public void onChange(Consumer<String> hearer) {
    hearers.add(hearer);
  }

  /// Names of parts and files that kept changes need.
  public Set<String> names() {
    return kept.names();
  }

  /// The catalog over the engine's own.
  ///
  /// @param tables the engine that commits here; asked once this is started
  /// @throws VarveException BAD_ARGUMENTS if the directory has tables that the cluster has not
  public ReplicatedCatalog over(LocalCatalog own, SharedTables tables) {
    boolean isNew = own.state().position().equals(ReplicaPosition.START);
    if (isNew && !own.state().tables().isEmpty()) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS,
          "the data directory has tables of a server that was alone, which the others of the"
              + " cluster have not; start with an empty directory and bring the rows by backup or"
              + " INSERT");
    }
    catalog = new ReplicatedCatalog(own, cluster, kept, files, signals, tables);
    return catalog;
  }

  /// From now on it follows, and leads if nobody does. Called once.
  ///
  /// @param address `host:port` at which the other servers reach this one's HTTP
  public void start(String address) {
    catalog.start(address);
  }

  public Cluster cluster() {
    return cluster;
  }

  public ReplicaFiles files() {
    return files;
  }

  public ReplicatedCatalog catalog() {
    return catalog;
  }

  @Override
  public void close() {
    cluster.close();
  }
}
